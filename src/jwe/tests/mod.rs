mod nested;
mod round_trips;

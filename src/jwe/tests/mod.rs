mod nested;
mod points;
mod round_trips;
mod support;

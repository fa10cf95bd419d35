mod document;
mod fixture;
mod nodes;
mod outages;
mod rotation;
mod secrecy;
mod siblings;

mod columns;
mod hours;
mod problem;
mod roster;
mod rules;
mod score;
mod table;

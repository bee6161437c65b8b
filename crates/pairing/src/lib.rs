mod columns;
mod hours;
mod problem;
mod rules;
mod table;

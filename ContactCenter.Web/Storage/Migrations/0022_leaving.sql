-- When an agent said goodbye, by signing out or by closing their last page: nothing new comes to them from then on.
alter table agents add column leaving_at timestamptz;

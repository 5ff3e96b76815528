-- Since when a job of a node has run without a gap: abandonment, which any node may do now, asks whether somebody has looked.
alter table job_records add column steady_since timestamptz;

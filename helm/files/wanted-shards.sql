/* Shards that there is work for: queued and running, of jobs that may be worked on, within their limits. A job that only waits to be planned, finalized, resumed or cancelled counts one, because a worker must be there to do it. */
WITH job AS (
  SELECT active.value AS id,
    (SELECT value FROM hangfire.hash WHERE key = 'pipeline:job:' || active.value AND field = 'state') AS state,
    (SELECT value FROM hangfire.hash WHERE key = 'pipeline:job:' || active.value AND field = 'pause_requested_at') AS pause,
    (SELECT value FROM hangfire.hash WHERE key = 'pipeline:job:' || active.value AND field = 'cancel_requested_at') AS cancel,
    (SELECT value FROM hangfire.hash WHERE key = 'pipeline:job:' || active.value AND field = 'schedule') AS schedule,
    (SELECT count(*) FROM hangfire.set WHERE key = 'pipeline:job:' || active.value || ':waiting') AS waiting,
    (SELECT count(*) FROM hangfire.set WHERE key = 'pipeline:job:' || active.value || ':taken') AS taken
  FROM hangfire.set AS active WHERE active.key = 'pipeline:active'
)
SELECT coalesce(sum(CASE
  WHEN coalesce(cancel, '') <> '' THEN greatest(taken, 1)
  WHEN state = 'paused' AND coalesce(pause, '') <> '' THEN taken
  WHEN state IN ('in_progress', 'paused') AND coalesce(pause, '') = ''
    THEN greatest(taken, least(waiting + taken, coalesce((nullif(schedule, '')::jsonb ->> 'max_concurrent_shards')::bigint, waiting + taken)), 1)
  ELSE greatest(taken, 1)
END), 0)::bigint
FROM job

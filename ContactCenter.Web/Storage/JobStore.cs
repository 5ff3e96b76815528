using ContactCenter.Domain;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ContactCenter.Storage;

/// <summary>Keeps and reads what the jobs of all nodes do (D9).</summary>
public sealed class JobStore(NpgsqlDataSource source, IDbContextFactory<Database> databases, TimeProvider clock)
{
    private const int Listed = 500;

    // A node that has said nothing for so long is no more; a restarted one has another name.
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    public async Task SaveAsync(JobRecord job, CancellationToken cancel = default)
    {
        await using var command = source.Statement("""
            with old as (delete from job_records where started_at < $10)
            insert into job_records (node, name, started_at, next_at, runs, failures, failed_at, problem, recent)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            on conflict (node, name) do update set
                started_at = excluded.started_at, next_at = excluded.next_at, runs = excluded.runs, failures = excluded.failures,
                failed_at = excluded.failed_at, problem = excluded.problem, recent = excluded.recent
            """, job.Node, job.Name, job.StartedAt, job.NextAt, job.Runs, job.Failures, job.FailedAt, job.Problem,
            job.Recent.ToArray(), clock.GetUtcNow() - Forgotten);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Whether the viewer may run a job: it works for every campaign.</summary>
    public async Task<bool> MayRunAsync(Viewer viewer, CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.AdministersAllAsync(viewer, cancel);
    }

    public async Task<IReadOnlyList<JobRecord>> ReadAsync(CancellationToken cancel)
    {
        await using var database = await databases.CreateDbContextAsync(cancel);
        return await database.JobRecords.AsNoTracking().OrderBy(job => job.Node).ThenBy(job => job.Name).Take(Listed).ToListAsync(cancel);
    }
}

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
    private static readonly TimeSpan FailedKept = TimeSpan.FromHours(1);

    public async Task SaveAsync(JobRecord job, CancellationToken cancel = default)
    {
        await using var command = source.Statement("""
            with old as (delete from job_records where started_at < $10)
            insert into job_records (
                node, name, started_at, next_at, runs, failures, failed_at, problem, recent, steady_since)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $11)
            on conflict (node, name) do update set
                started_at = excluded.started_at, next_at = excluded.next_at, runs = excluded.runs, failures = excluded.failures,
                failed_at = excluded.failed_at, problem = excluded.problem, recent = excluded.recent,
                steady_since = excluded.steady_since
            """, job.Node, job.Name, job.StartedAt, job.NextAt, job.Runs, job.Failures, job.FailedAt, job.Problem,
            job.Recent.ToArray(), clock.GetUtcNow() - Forgotten, job.SteadySince);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Asks for nothing: the answer says that the database can be looked at.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        await using var command = source.Statement("select");
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Whether a job has run on some node for so long without a gap, until now.</summary>
    public async Task<bool> HasRunSteadilyAsync(string name, TimeSpan since, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var command = source.Statement(
            "select exists (select from job_records where name = $1 and steady_since < $2 and started_at > $3)",
            name, now - since, now - JobRecord.Gap);
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    /// <summary>Which jobs have begun a run on any node since then, and the node's last run went well.</summary>
    public async Task<IReadOnlySet<string>> RunSinceAsync(DateTimeOffset since, CancellationToken cancel)
    {
        await using var command = source.Statement(
            "select distinct name from job_records where started_at > $1 and recent[1] >= 0", since);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancel)) names.Add(reader.GetString(0));
        return names;
    }

    /// <summary>Failed runs, which Hangfire keeps for ever, go after a while: a job that fails every second would fill
    /// the disk (Hangfire's ix_hangfire_job_statename).</summary>
    public async Task CleanAsync(CancellationToken cancel)
    {
        await using var command = source.Statement("""
            update hangfire.job set expireat = now() + make_interval(secs => $1)
            where statename = 'Failed' and expireat is null
            """, FailedKept.TotalSeconds);
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

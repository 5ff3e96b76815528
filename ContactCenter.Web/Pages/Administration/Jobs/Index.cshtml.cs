using ContactCenter.Domain;
using ContactCenter.Jobs;
using ContactCenter.Security;
using ContactCenter.Storage;
using Hangfire;
using Hangfire.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace ContactCenter.Pages.Administration.Jobs;

/// <summary>A job as the monitor shows it: of one node, or of all where any of them may run it.</summary>
/// <param name="Node">The node; of a shared job the one that told of a run last, null before that.</param>
/// <param name="Recent">The last runs there in milliseconds, newest first; a failed one is negative.</param>
/// <param name="IsSilent">Whether nothing has been heard of it for a minute after a run was due.</param>
public sealed record JobRow(
    string Name, string? Node, bool IsShared, DateTimeOffset? StartedAt, DateTimeOffset? NextAt, long Runs,
    IReadOnlyList<int> Recent, long Failures, DateTimeOffset? FailedAt, string? Problem, bool IsSilent);

/// <summary>The recurring jobs (D9): last runs, durations, failures, and running one now; Hangfire's figures; mails
/// that did not leave.</summary>
[Authorize(Policies.Administrator)]
public sealed class IndexPage(
    JobStore jobs, JobFigures figures, JobRunner runner, IRecurringJobManager recurring, OutboxStore outbox,
    PublicAddress address, TimeProvider clock) : PageModel
{
    public IReadOnlyList<JobRow> Jobs { get; private set; } = [];

    public HangfireFigures Hangfire { get; private set; } = null!;

    public OutboxView Mails { get; private set; } = new([], []);

    /// <summary>Whether mails with links wait for somebody to say where links lead.</summary>
    public bool HasNoAddress => address.ForMail(Request) is null;

    /// <summary>Whether the viewer administers every campaign, for which the jobs work.</summary>
    public bool MayRun { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        MayRun = await jobs.MayRunAsync(Viewer.Of(User), cancel);
        Hangfire = await figures.ReadAsync(cancel);
        Jobs = Rows(await jobs.ReadAsync(cancel), Hangfire.Recurring, clock.GetUtcNow());
        Mails = await outbox.ReadAsync(Viewer.Of(User), cancel);
    }

    /// <summary>Runs a job: a node's own on the node that answers, a shared one on whichever takes it.</summary>
    public async Task<IActionResult> OnPostAsync(string? name, CancellationToken cancel)
    {
        if (!await jobs.MayRunAsync(Viewer.Of(User), cancel)) return Forbid();
        if (JobDefinition.Find(name) is not { } job) return NotFound();
        if (job.Shared)
        {
            await Task.Run(() => recurring.Trigger(job.Name), cancel);
            figures.Forget();
        }
        else await runner.RunAsync(job, byHand: true, cancel);
        return RedirectToPage();
    }

    internal static IReadOnlyList<JobRow> Rows(
        IReadOnlyList<JobRecord> records, IReadOnlyDictionary<string, RecurringJobDto> recurring, DateTimeOffset now)
    {
        var own = records.Where(record => JobDefinition.Find(record.Name) is not { Shared: true }).Select(Own);
        var shared = JobDefinition.All.Where(job => job.Shared).Select(job => job.Name).Select(name => Shared(
            name, [.. records.Where(record => record.Name == name)], recurring.GetValueOrDefault(name), now));
        return [.. shared, .. own];

        JobRow Own(JobRecord record) => new(
            record.Name, record.Node, false, record.StartedAt, record.NextAt, record.Runs, record.Recent,
            record.Failures, record.FailedAt, record.Problem, record.IsSilent(now));
    }

    private static JobRow Shared(
        string name, IReadOnlyList<JobRecord> records, RecurringJobDto? planned, DateTimeOffset now)
    {
        var last = records.MaxBy(record => record.StartedAt);
        var failed = records.Where(record => record.FailedAt is not null).MaxBy(record => record.FailedAt);
        // Records lag by some seconds; when it was last sent on its way Hangfire knows at once.
        var startedAt = Later(last?.StartedAt, At(planned?.LastExecution));
        return new(
            name, last?.Node, true, startedAt, At(planned?.NextExecution), records.Sum(record => record.Runs),
            last?.Recent ?? [], records.Sum(record => record.Failures), failed?.FailedAt,
            planned?.Error ?? failed?.Problem, now - startedAt > JobRecord.Patience);
    }

    private static DateTimeOffset? At(DateTime? utc) =>
        utc is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : null;

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other : one;
}

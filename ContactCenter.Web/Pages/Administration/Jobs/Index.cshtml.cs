using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Quartz;

namespace ContactCenter.Pages.Administration.Jobs;

/// <summary>The recurring jobs of every node (D9): last runs, durations, failures, and running one now; mails that did not leave.</summary>
[Authorize(Policies.Administrator)]
public sealed class IndexPage(JobStore jobs, OutboxStore outbox, ISchedulerFactory schedulers, PublicAddress address, TimeProvider clock) : PageModel
{
    public IReadOnlyList<JobRecord> Jobs { get; private set; } = [];

    public DateTimeOffset At { get; } = clock.GetUtcNow();

    public OutboxView Mails { get; private set; } = new([], []);

    /// <summary>Whether mails with links wait for somebody to say where links lead.</summary>
    public bool HasNoAddress => address.ForMail(Request) is null;

    /// <summary>Whether the viewer administers every campaign, for which the jobs work.</summary>
    public bool MayRun { get; private set; }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        MayRun = await jobs.MayRunAsync(Viewer.Of(User), cancel);
        (Jobs, Mails) = (await jobs.ReadAsync(cancel), await outbox.ReadAsync(Viewer.Of(User), cancel));
    }

    /// <summary>Runs a job on the node that answers: any node may run any job at any time.</summary>
    public async Task<IActionResult> OnPostAsync(string? name, CancellationToken cancel)
    {
        if (!await jobs.MayRunAsync(Viewer.Of(User), cancel)) return Forbid();
        var scheduler = await schedulers.GetScheduler(cancel);
        var key = new JobKey(name is { Length: > 0 } ? name : "none");
        if (await scheduler.GetJobDetail(key, cancel) is null) return NotFound();
        await scheduler.TriggerJob(key, new JobDataMap(), cancel);
        return RedirectToPage();
    }
}

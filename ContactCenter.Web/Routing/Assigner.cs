using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Storage;

namespace ContactCenter.Routing;

/// <summary>Carries the pure assignment decision out: what is decided is stored, announced and counted.</summary>
public sealed class Assigner(AssignmentStore store, Announcer announcer)
{
    public Task<IReadOnlyList<Guid>> CampaignsOfAsync(Guid agent, CancellationToken cancel) =>
        store.CampaignsOfAsync(agent, cancel);

    /// <summary>The campaigns in which somebody waits.</summary>
    public Task<IReadOnlyList<Guid>> WaitingCampaignsAsync(CancellationToken cancel) => store.WaitingCampaignsAsync(cancel);

    /// <summary>Assigns from the head of the queue until nobody waits or nobody can take more.</summary>
    /// <returns>How many were given.</returns>
    public async Task<int> AssignAllAsync(Guid campaign, CancellationToken cancel)
    {
        var given = 0;
        while (await AssignNextAsync(campaign, cancel)) given++;
        return given;
    }

    private async Task<bool> AssignNextAsync(Guid campaign, CancellationToken cancel)
    {
        using var activity = Telemetry.Source.StartActivity("assignment");
        if (await store.AssignHeadAsync(campaign, cancel) is not { } done) return false;
        Tell(done);
        return true;
    }

    /// <summary>Gives a waiting conversation to the agent who asks for it.</summary>
    public async Task<TakeResult> TakeAsync(Guid conversation, Guid agent, CancellationToken cancel = default)
    {
        var result = await store.TakeAsync(conversation, agent, cancel);
        if (result is TakeResult.Taken taken) Tell(taken.Done);
        return result;
    }

    private void Tell(AssignmentDone done)
    {
        announcer.Added([.. done.Entries]);
        announcer.Announce(
            new Announcement(Topic.Conversation(done.Conversation), Signals.State),
            new Announcement(Topic.Agent(done.Agent), Signals.Inbox | Signals.Assigned),
            new Announcement(Topic.Campaign(done.Campaign), Signals.Inbox | Signals.Queue));
        Telemetry.Assignments.Add(1);
        Telemetry.Waited.Record(done.Waited.TotalSeconds);
    }
}

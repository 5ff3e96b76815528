using System.Threading.Channels;

namespace ContactCenter.Routing;

/// <summary>
/// Runs assignment when something happened that may allow one: an arrival, an agent who became free, a changed limit.
/// Calls come after the commit they are about; a lost one is made good by the sweep.
/// </summary>
public sealed partial class Dispatcher(IServiceProvider services, TimeProvider clock, ILogger<Dispatcher> log) : BackgroundService
{
    private readonly Channel<(Guid? Campaign, Guid? Agent, long At)> calls =
        Channel.CreateUnbounded<(Guid?, Guid?, long)>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Something changed in a campaign's queue or limits.</summary>
    public void WakeCampaign(Guid campaign) => calls.Writer.TryWrite((campaign, null, clock.GetTimestamp()));

    /// <summary>An agent may take more: every campaign of theirs is looked at.</summary>
    public void WakeAgent(Guid agent) => calls.Writer.TryWrite((null, agent, clock.GetTimestamp()));

    /// <summary>Calls may have been lost: every queue is looked at.</summary>
    public void WakeAll() => calls.Writer.TryWrite((null, null, clock.GetTimestamp()));

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        // Resolved here and not in the constructor: the stores that call this service are part of what it calls.
        var assigner = services.GetRequiredService<Assigner>();
        while (await calls.Reader.WaitToReadAsync(stop))
        {
            var (campaigns, agents, all, first) = Gather();
            try
            {
                if (all) campaigns.UnionWith(await assigner.WaitingCampaignsAsync(stop));
                foreach (var agent in agents) campaigns.UnionWith(await assigner.CampaignsOfAsync(agent, stop));
                foreach (var campaign in campaigns)
                    if (await assigner.AssignAllAsync(campaign, stop) > 0)
                        Telemetry.AssignmentLatency.Record(clock.GetElapsedTime(first).TotalSeconds);
            }
            // Of whatever kind: Bridge.KeepAsync says why.
            catch (Exception problem) when (!stop.IsCancellationRequested)
            {
                LogFailed(problem);
            }
        }
    }

    /// <summary>Everything called so far, each once: a hundred arrivals in one campaign are one round.</summary>
    private (HashSet<Guid> Campaigns, HashSet<Guid> Agents, bool All, long First) Gather()
    {
        var (campaigns, agents) = (new HashSet<Guid>(), new HashSet<Guid>());
        var (all, first) = (false, long.MaxValue);
        while (calls.Reader.TryRead(out var call))
        {
            first = Math.Min(first, call.At);
            if (call.Campaign is { } campaign) campaigns.Add(campaign);
            if (call.Agent is { } agent) agents.Add(agent);
            all |= call is { Campaign: null, Agent: null };
        }
        return (campaigns, agents, all, first);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Assignment failed; the sweep tries again")]
    private partial void LogFailed(Exception problem);
}

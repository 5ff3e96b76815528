using System.Threading.Channels;
using Npgsql;

namespace ContactCenter.Routing;

/// <summary>
/// Runs assignment when something happened that may allow one: an arrival, an agent who became free, a changed limit.
/// Calls come after the commit they are about; a lost one is made good by the sweep.
/// </summary>
public sealed partial class Dispatcher(IServiceProvider services, ILogger<Dispatcher> log) : BackgroundService
{
    private readonly Channel<(Guid? Campaign, Guid? Agent)> calls =
        Channel.CreateUnbounded<(Guid?, Guid?)>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Something changed in a campaign's queue or limits.</summary>
    public void WakeCampaign(Guid campaign) => calls.Writer.TryWrite((campaign, null));

    /// <summary>An agent may take more: every campaign of theirs is looked at.</summary>
    public void WakeAgent(Guid agent) => calls.Writer.TryWrite((null, agent));

    protected override async Task ExecuteAsync(CancellationToken stop)
    {
        // Resolved here and not in the constructor: the stores that call this service are part of what it calls.
        var assigner = services.GetRequiredService<Assigner>();
        while (await calls.Reader.WaitToReadAsync(stop))
        {
            var (campaigns, agents) = Gather();
            try
            {
                foreach (var agent in agents) campaigns.UnionWith(await assigner.CampaignsOfAsync(agent, stop));
                foreach (var campaign in campaigns) await assigner.AssignAllAsync(campaign, stop);
            }
            catch (Exception problem) when (problem is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                LogFailed(problem);
            }
        }
    }

    /// <summary>Everything called so far, each once: a hundred arrivals in one campaign are one round.</summary>
    private (HashSet<Guid> Campaigns, HashSet<Guid> Agents) Gather()
    {
        var (campaigns, agents) = (new HashSet<Guid>(), new HashSet<Guid>());
        while (calls.Reader.TryRead(out var call))
        {
            if (call.Campaign is { } campaign) campaigns.Add(campaign);
            if (call.Agent is { } agent) agents.Add(agent);
        }
        return (campaigns, agents);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Assignment failed; the sweep tries again")]
    private partial void LogFailed(Exception problem);
}

using ContactCenter.Domain;
using ContactCenter.Security;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Storage;

/// <summary>
/// The menu bot of a campaign as a member of it (Q10): a user nobody can sign in as, an agent marked as a bot. It is a member
/// while it is switched on.
/// </summary>
public static class BotMembers
{
    /// <summary>The campaign's bot, or null where there is none on duty.</summary>
    public static Task<User?> BotOfAsync(this Database database, Guid campaign, CancellationToken cancel) =>
        database.Users.AsNoTracking().SingleOrDefaultAsync(
            user => database.Agents.Any(agent => agent.UserId == user.Id && agent.Bot)
                && database.Members.Any(member => member.UserId == user.Id && member.CampaignId == campaign), cancel);

    /// <summary>Makes the members fit the campaign's settings. Nothing is saved: the caller's transaction does that.</summary>
    public static async Task FitBotAsync(this Database database, Campaign campaign, TimeProvider clock, CancellationToken cancel)
    {
        var bot = campaign.Settings.Bot;
        var account = NameOf(campaign.Id);
        var user = await database.Users.SingleOrDefaultAsync(each => each.UserName == account, cancel);
        if (user is null && !bot.IsOn()) return;
        if (user is null)
        {
            user = new User
            {
                Id = Ids.New(clock),
                UserName = account,
                NormalizedUserName = account.ToUpperInvariant(),
                DisplayName = "",
                // Without a password and an address there is no way to sign in; locked says it to whoever looks.
                LockoutEnabled = true,
                LockoutEnd = DateTimeOffset.MaxValue,
                SecurityStamp = Ids.New(clock).ToString("N"),
            };
            database.Add(user);
            database.Add(new Agent { UserId = user.Id, Accepting = true, Since = clock.GetUtcNow(), Bot = true });
        }
        user.DisplayName = Menus.NameOf(bot);
        var member = await database.Members.SingleOrDefaultAsync(each => each.CampaignId == campaign.Id && each.UserId == user.Id, cancel);
        if (bot.IsOn() && member is null) database.Add(new Member { CampaignId = campaign.Id, UserId = user.Id, Position = -1 });
        if (!bot.IsOn() && member is not null) database.Remove(member);
    }

    /// <summary>Forgets the bot of a campaign that was deleted.</summary>
    public static Task ForgetBotAsync(this Database database, Guid campaign, CancellationToken cancel)
    {
        var account = NameOf(campaign);
        return database.Users.Where(user => user.UserName == account).ExecuteDeleteAsync(cancel);
    }

    private static string NameOf(Guid campaign) => $"bot-{campaign:N}";
}

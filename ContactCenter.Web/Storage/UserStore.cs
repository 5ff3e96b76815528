using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ContactCenter.Domain;
using ContactCenter.Realtime;
using ContactCenter.Routing;
using ContactCenter.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Storage;

/// <summary>A user as the table of users lists them.</summary>
/// <param name="Invited">They have not chosen a password yet.</param>
public sealed record UserRow(Guid Id, string Name, string Email, bool Active, bool Invited, IReadOnlyList<string> Roles);

/// <summary>A page of the table.</summary>
/// <param name="Page">From 1; never past the last.</param>
public sealed record UserPage(IReadOnlyList<UserRow> Rows, int Page, bool More);

/// <summary>What an administrator sets of a user (D6). Of campaigns and groups only those within the administrator's reach.</summary>
/// <param name="Capacity">Conversations an agent may hold at once over all campaigns (Q3), 1 to 100.</param>
/// <param name="Monitored">Whether a supervisor may ask to see this agent's screen (S5).</param>
public sealed record UserSettings(string Name, string Email, int Capacity = 6, bool Monitored = false)
{
    public IReadOnlyCollection<string> Roles { get; init; } = [];
    public IReadOnlyCollection<Guid> Campaigns { get; init; } = [];
    public IReadOnlyCollection<Guid> Departments { get; init; } = [];
    public IReadOnlyCollection<Guid> Groups { get; init; } = [];

    public bool Attends => Roles.Contains(Domain.Roles.Agent, StringComparer.Ordinal);
    public bool Supervises => Roles.Intersect([Domain.Roles.Supervisor, Domain.Roles.Administrator], StringComparer.Ordinal).Any();

    /// <summary>
    /// Changes exactly when one of these does. Identity's own stamp would also change with every mistyped password, and a form
    /// that nobody touched would be told that somebody did.
    /// </summary>
    public string Version
    {
        get
        {
            string[] parts = [Name, Email, $"{Capacity} {Monitored}", .. Sorted(Roles), "", .. Sorted(Campaigns), "", .. Sorted(Departments), "", .. Sorted(Groups)];
            var text = string.Join('\n', parts);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));

            static IEnumerable<string> Sorted<T>(IEnumerable<T> values) => values.Select(value => $"{value}").Order(StringComparer.Ordinal);
        }
    }
}

/// <summary>A user in the form.</summary>
/// <param name="Held">Conversations they have open: what goes back to the queue where they are deactivated.</param>
/// <param name="TwoFactor">They sign in in two steps.</param>
public sealed record UserRecord(Guid Id, UserSettings Settings, bool Active, bool Invited, Held Held, bool TwoFactor);

/// <summary>What a user may be put into.</summary>
/// <param name="MustChooseGroup">The viewer is in security groups: nobody they administer may see more than they do.</param>
public sealed record UserChoices(
    IReadOnlyList<Choice> Campaigns, IReadOnlyList<Choice> Departments, IReadOnlyList<Choice> Groups, bool MustChooseGroup);

/// <summary>What came of a change to a user.</summary>
public enum UserOutcome
{
    Saved,

    /// <summary>No such user within reach.</summary>
    NotFound,

    /// <summary>Somebody else saved them since they were read.</summary>
    Changed,

    /// <summary>Another user has this address.</summary>
    EmailTaken,

    /// <summary>Nobody would be left who can administer.</summary>
    LastAdministrator,

    /// <summary>It is the viewer's own account.</summary>
    Own,
}

/// <summary>What administrators do with users (D6). A change holds for whoever waits at once.</summary>
public sealed class UserStore(
    Database database, UserManager<User> users, Accounts accounts, FloorStore floor, AgentStore agents, ConversationStore conversations,
    SessionStore sessions, SecurityLog security, Mailer mailer, Announcer announcer, Dispatcher dispatcher, TimeProvider clock)
{
    private const int PageSize = 50;
    private const int Offered = 300;

    public async Task<UserPage> ListAsync(Viewer viewer, string query, int page, CancellationToken cancel)
    {
        var found = database.AdministeredBy(viewer).Found(query);
        var last = Math.Max(1, (await found.CountAsync(cancel) + PageSize - 1) / PageSize);
        var shown = Math.Clamp(page, 1, last);
        var rows = await found.OrderBy(u => u.DisplayName).ThenBy(u => u.Id).Skip((shown - 1) * PageSize).Take(PageSize)
            .Select(u => new UserRow(u.Id, u.DisplayName, u.Email ?? "", u.Active, u.PasswordHash == null, database.UserRoles
                .Where(link => link.UserId == u.Id)
                .Join(database.Roles, link => link.RoleId, role => role.Id, (_, role) => role.Name!).ToList()))
            .ToListAsync(cancel);
        return new UserPage(rows, shown, shown < last);
    }

    public async Task<UserRecord?> FindAsync(Viewer viewer, Guid id, CancellationToken cancel)
    {
        if (await database.AdministeredBy(viewer).AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, cancel) is not { } user) return null;
        var agent = await database.Agents.AsNoTracking().SingleOrDefaultAsync(a => a.UserId == id, cancel);
        var settings = new UserSettings(user.DisplayName, user.Email ?? "", agent?.Capacity ?? 6, agent?.Monitored ?? false)
        {
            Roles = await database.UserRoles.Where(link => link.UserId == id)
                .Join(database.Roles, link => link.RoleId, role => role.Id, (_, role) => role.Name!).ToListAsync(cancel),
            Campaigns = await database.SupervisedBy(viewer).Where(c => database.Members.Any(m => m.UserId == id && m.CampaignId == c.Id))
                .Select(c => c.Id).ToListAsync(cancel),
            Departments = await database.UserDepartments.Where(l => l.UserId == id).Select(l => l.DepartmentId).ToListAsync(cancel),
            Groups = await database.UserGroups.Where(l => l.UserId == id).Select(l => l.GroupId).ToListAsync(cancel),
        };
        var held = await agents.HeldAsync(id, cancel);
        return new UserRecord(id, settings, user.Active, user.PasswordHash is null, held, user.TwoFactorEnabled);
    }

    /// <param name="user">Keeps the departments they are in among the choices, also those not offered any more.</param>
    public async Task<UserChoices> ChoicesAsync(Viewer viewer, Guid? user, CancellationToken cancel) => new(
        await database.SupervisedBy(viewer).OrderBy(c => c.Name).ThenBy(c => c.Id).Take(Offered).Select(c => new Choice(c.Id, c.Name)).ToListAsync(cancel),
        await database.Departments.Where(d => d.Active || database.UserDepartments.Any(l => l.UserId == user && l.DepartmentId == d.Id))
            .OrderBy(d => d.Name).Take(Offered).Select(d => new Choice(d.Id, d.Name)).ToListAsync(cancel),
        await database.GroupsOf(viewer).OrderBy(g => g.Name).Take(Offered).Select(g => new Choice(g.Id, g.Name)).ToListAsync(cancel),
        await database.UserGroups.AnyAsync(mine => mine.UserId == viewer.Id, cancel));

    /// <summary>Makes a user without a password: they choose it by the link of their invitation.</summary>
    /// <param name="timeZone">IANA zone in which they see times until they choose another.</param>
    public async Task<(UserOutcome Outcome, Guid Id)> CreateAsync(
        UserSettings settings, UserChoices offered, string timeZone, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await database.TakeAccountsTurnAsync(cancel);
        var creation = await accounts.CreateInTurnAsync(
            new NewAccount(settings.Email, settings.Name, Password: null, settings.Roles) { TimeZone = timeZone });
        if (creation.User is not { } user) return (UserOutcome.EmailTaken, default);
        await LinkAsync(user.Id, settings, offered, cancel);
        await transaction.CommitAsync(cancel);
        await security.WriteAsync(SecurityEventKind.AccountMade, user.Id, Written(settings.Roles));
        await TellAsync(user.Id, [], cancel);
        return (UserOutcome.Saved, user.Id);
    }

    /// <summary>Changes a user unless somebody else did so since <paramref name="version"/> was read.</summary>
    /// <param name="offered">What the form showed: links to anything else stay as they are.</param>
    public async Task<UserOutcome> SaveAsync(
        Viewer viewer, Guid id, string version, UserSettings settings, UserChoices offered, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await database.TakeAccountsTurnAsync(cancel);
        if (await FindAsync(viewer, id, cancel) is not { } saved) return UserOutcome.NotFound;
        if (saved.Settings.Version != version) return UserOutcome.Changed;
        string[] lost = [.. saved.Settings.Roles.Except(settings.Roles, StringComparer.Ordinal)];
        string[] gained = [.. settings.Roles.Except(saved.Settings.Roles, StringComparer.Ordinal)];
        if (lost.Contains(Roles.Administrator) && saved.Active && await IsLastAdministratorAsync(id, cancel)) return UserOutcome.LastAdministrator;

        var user = (await users.FindByIdAsync(id.ToString()))!;
        var moved = !string.Equals(saved.Settings.Email, settings.Email, StringComparison.OrdinalIgnoreCase);
        (user.DisplayName, user.Email, user.UserName) = (settings.Name, settings.Email, settings.Email);
        // Whoever has the old address or lost a role is signed out, and an invitation to the old address is worth nothing.
        var ends = moved || lost.Length > 0;
        var updated = ends ? await users.UpdateSecurityStampAsync(user) : await users.UpdateAsync(user);
        if (!updated.Succeeded)
            return updated.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.ConcurrencyFailure)) ? UserOutcome.Changed : UserOutcome.EmailTaken;
        if (lost.Length > 0) await users.RemoveFromRolesAsync(user, lost);
        if (gained.Length > 0) await users.AddToRolesAsync(user, gained);
        var left = await LinkAsync(id, settings, offered, cancel);
        // An account nobody has entered yet can be taken from nobody: the former address may be a mistyped one.
        if (moved && !saved.Invited && mailer.IsConfigured)
            await OutboxStore.TellFormerAddressAsync(
                database, id, saved.Settings.Email, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, viewer.Name, clock, cancel);
        await transaction.CommitAsync(cancel);

        if (moved) await security.WriteAsync(SecurityEventKind.EmailChanged, id, $"{saved.Settings.Email} → {settings.Email}");
        if (lost.Length + gained.Length > 0)
            await security.WriteAsync(SecurityEventKind.RolesChanged, id, $"{Written(saved.Settings.Roles)} → {Written(settings.Roles)}");
        if (!lost.Contains(Roles.Agent) && left.Count > 0) await conversations.ReleaseAsync([id], cancel);
        if (lost.Contains(Roles.Agent)) await RetireAsync(viewer, saved, cancel);
        else if (ends) await sessions.EndAllAsync(id, null, SessionEnding.AccountChanged, cancel);
        await TellAsync(id, left, cancel);
        return UserOutcome.Saved;
    }

    /// <summary>
    /// Lets somebody in or keeps them out. Who is deactivated is signed out everywhere, and what they hold goes back to its
    /// place as when they are logged out; what they did stays.
    /// </summary>
    public async Task<UserOutcome> ActivateAsync(Viewer viewer, Guid id, bool active, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await database.TakeAccountsTurnAsync(cancel);
        if (await FindAsync(viewer, id, cancel) is not { } saved) return UserOutcome.NotFound;
        if (!active && await IsLastAdministratorAsync(id, cancel)) return UserOutcome.LastAdministrator;
        if (!active && id == viewer.Id) return UserOutcome.Own;
        await database.Users.Where(u => u.Id == id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Active, active), cancel);
        await transaction.CommitAsync(cancel);
        await security.WriteAsync(active ? SecurityEventKind.Activated : SecurityEventKind.Deactivated, id);
        if (active) await agents.TellAsync(id, cancel);
        else await floor.LogOutAsync(id, saved.Settings.Name, viewer.Id, cancel);
        return UserOutcome.Saved;
    }

    /// <summary>Takes their second factor away, for who has lost it; their sessions end.</summary>
    /// <returns>False where there is no such user within reach, or no second factor.</returns>
    public async Task<bool> RemoveSecondFactorAsync(Viewer viewer, Guid id, CancellationToken cancel)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancel);
        await database.TakeAccountsTurnAsync(cancel);
        if (await FindAsync(viewer, id, cancel) is not { TwoFactor: true }) return false;
        await SecondFactor.RemoveAsync(users, (await users.FindByIdAsync(id.ToString()))!);
        await transaction.CommitAsync(cancel);
        await sessions.EndAllAsync(id, null, SessionEnding.AccountChanged, cancel);
        await security.WriteAsync(SecurityEventKind.SecondFactorOff, id);
        return true;
    }

    private static string Written(IEnumerable<string> roles) => string.Join(", ", roles.Order(StringComparer.Ordinal));

    /// <summary>Whether nobody else could administer: who is inactive or has not answered their invitation cannot.</summary>
    private async Task<bool> IsLastAdministratorAsync(Guid id, CancellationToken cancel)
    {
        var able = await database.Users.Where(u => u.Active && u.PasswordHash != null && database.UserRoles.Any(link =>
                link.UserId == u.Id && database.Roles.Any(role => role.Id == link.RoleId && role.Name == Roles.Administrator)))
            .Select(u => u.Id).Take(2).ToListAsync(cancel);
        return able.Count == 1 && able[0] == id;
    }

    /// <returns>The campaigns they are no member of any more.</returns>
    private async Task<IReadOnlyList<Guid>> LinkAsync(Guid id, UserSettings settings, UserChoices offered, CancellationToken cancel)
    {
        var agent = await database.Agents.SingleOrDefaultAsync(a => a.UserId == id, cancel);
        if (agent is null && settings.Attends) database.Add(agent = new Agent { UserId = id, Since = clock.GetUtcNow() });
        if (agent is not null && settings.Attends) (agent.Capacity, agent.Monitored) = (settings.Capacity, settings.Monitored);

        Match(await database.UserDepartments.Where(l => l.UserId == id).ToListAsync(cancel), link => link.DepartmentId,
            settings.Departments, offered.Departments, department => new UserDepartment { UserId = id, DepartmentId = department });
        Match(await database.UserGroups.Where(l => l.UserId == id).ToListAsync(cancel), link => link.GroupId,
            settings.Supervises ? settings.Groups : [], offered.Groups, group => new UserGroup { UserId = id, GroupId = group });

        // Whoever is no agent is a member of nothing, also beyond what was offered.
        var wanted = settings.Attends ? settings.Campaigns : [];
        var members = await database.Members.Where(m => m.UserId == id).ToListAsync(cancel);
        var gone = members.FindAll(m => !wanted.Contains(m.CampaignId) && (!settings.Attends || Offers(offered.Campaigns, m.CampaignId)));
        // After whoever is just giving them a conversation there: it goes back with the others.
        foreach (var campaign in gone.Select(m => m.CampaignId).Order()) await database.TakeQueueTurnAsync(campaign, cancel);
        database.RemoveRange(gone);
        foreach (var campaign in wanted.Except(members.Select(m => m.CampaignId)).ToList())
        {
            var last = await database.Members.Where(m => m.CampaignId == campaign).MaxAsync(m => (int?)m.Position, cancel) ?? -1;
            database.Add(new Member { CampaignId = campaign, UserId = id, Position = last + 1 });
        }
        await database.SaveChangesAsync(cancel);
        return gone.ConvertAll(m => m.CampaignId);
    }

    private void Match<TLink>(
        List<TLink> links, Func<TLink, Guid> target, IReadOnlyCollection<Guid> wanted, IReadOnlyList<Choice> offered, Func<Guid, TLink> make)
        where TLink : class
    {
        database.RemoveRange(links.FindAll(link => !wanted.Contains(target(link)) && Offers(offered, target(link))));
        database.AddRange(wanted.Except(links.Select(target)).Select(make));
    }

    private static bool Offers(IReadOnlyList<Choice> offered, Guid id) => offered.Any(each => each.Id == id);

    /// <summary>Ends an agent's work: what they hold goes back, and routing knows them no more.</summary>
    private async Task RetireAsync(Viewer viewer, UserRecord former, CancellationToken cancel)
    {
        await floor.LogOutAsync(former.Id, former.Settings.Name, viewer.Id, cancel);
        await database.Agents.Where(a => a.UserId == former.Id).ExecuteDeleteAsync(cancel);
    }

    private async Task TellAsync(Guid id, IReadOnlyList<Guid> left, CancellationToken cancel)
    {
        await agents.TellAsync(id, cancel);
        announcer.Announce(new Announcement(Topic.Agent(id), Signals.Reach));
        foreach (var campaign in left) announcer.Announce(new Announcement(Topic.Campaign(campaign), Signals.Inbox | Signals.Figures));
        // A raised limit or a new campaign may give them somebody who waits.
        dispatcher.WakeAgent(id);
    }
}

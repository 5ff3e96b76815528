using ContactCenter.Domain;
using ContactCenter.Security;
using ContactCenter.Storage;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Support;

/// <summary>One of the two houses: a security group with its campaign, and who and what belongs to it.</summary>
/// <param name="Mark">A word that every text of this house has in it and none of the other one's.</param>
public sealed record Household(string Mark, Person Agent, Person Supervisor, Person Administrator)
{
    public Guid Group { get; init; }
    public Campaign Campaign { get; init; } = null!;
    public IReadOnlyDictionary<Person, Guid> Ids { get; init; } = new Dictionary<Person, Guid>();

    /// <summary>A text of this house.</summary>
    public string Of(string text) => $"{text} {Mark}";

    /// <summary>Its chat's address.</summary>
    public string Key => Campaign.Key;
}

/// <summary>An agent of our house who worked in the other one too, and was taken out of it.</summary>
/// <param name="Ours">Our house, in which they are the agent.</param>
/// <param name="Left">What they had in the other one.</param>
public sealed record Former(Person Person, Household Ours, Conversation Left);

/// <summary>
/// Two houses under one roof, each with a campaign, a security group and people of its own, who must know nothing of each
/// other. Nobody accepts new conversations and nobody is given up: nothing moves by itself.
/// </summary>
public sealed class TwoHouses : App
{
    private static readonly Person Teo = new("Teo benteveo", "teo@benteveo.local", Roles.Supervisor);
    private static readonly Person Tea = new("Tea benteveo", "tea@benteveo.local", Roles.Administrator);

    /// <summary>Who answers for something in our house and is only an agent in the other one.</summary>
    public static readonly IReadOnlyList<Person> InBoth =
    [
        new("Sol", "sol@both.local", Roles.Agent, Roles.Supervisor), new("Alma", "alma@both.local", Roles.Agent, Roles.Administrator),
    ];

    private IReadOnlyList<Former>? formers;

    // Catalogues are the whole installation's: every administrator sees them, so they bear no mark.
    private Guid client;
    private Guid project;
    private Guid department;
    private int made;

    /// <summary>Where Lili, Sofía and Ada work.</summary>
    public Household Ours { get; private set; } = new("zorzal", Cast.Lili, Cast.Sofia, Cast.Ada);

    public Household Theirs { get; private set; } = new("benteveo", Cast.Omar, Teo, Tea);

    protected override IEnumerable<(string Key, string? Value)> Settings => [("ContactCenter:PresenceGraceSeconds", "600")];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var person in (Person[])[Teo, Tea, .. InBoth])
            await WithAsync<Accounts>(async accounts =>
                Assert.Empty((await accounts.CreateAsync(new NewAccount(person.Email, person.Name, Person.Password, person.Roles))).Errors));
        var acme = new Client { Id = client = Id(), Name = "Acme" };
        var shop = new Project { Id = project = Id(), ClientId = client, Name = "Shop" };
        var sales = new Department { Id = department = Id(), Name = "Sales" };
        await SaveAsync(acme, shop, sales);
        foreach (var person in InBoth) await HireAsync(await IdOfAsync(person));
        (Ours, Theirs) = (await FurnishAsync(Ours), await FurnishAsync(Theirs));
        foreach (var person in InBoth) await SaveAsync(new UserGroup { GroupId = Ours.Group, UserId = await IdOfAsync(person) });
    }

    public static Guid Id() => Ids.New(TimeProvider.System);

    /// <summary>The id, or the key, of a new thing of this house, as it stands in an address.</summary>
    /// <param name="asker">Whose it is to be where that matters.</param>
    public async Task<string> MakeAsync(string thing, Household side, Person asker) => thing switch
    {
        "conversation" => $"{(await ConversationAsync(side)).Id}",
        "contact" => $"{(await ConversationAsync(side)).ContactId}",
        "campaign" => $"{(await CampaignAsync(side, $"campaign-{++made}")).Id}",
        "agent" => $"{await UserAsync(side, Roles.Agent)}",
        "user" => $"{await UserAsync(side, Roles.Supervisor)}",
        "guest" => $"{await UserAsync(side, Roles.Supervisor, invited: true)}",
        "group" => $"{await GroupAsync(side)}",
        // An agent is written to by their supervisor first.
        "colleague" => $"{side.Ids[asker.Roles.Contains(Roles.Agent) ? side.Supervisor : side.Agent]}",
        "letter" => $"{await LetterAsync(side)}",
        "client" => $"{await EntryAsync(new Client { Id = Id(), Name = $"Client {++made}" })}",
        "project" => $"{await EntryAsync(new Project { Id = Id(), ClientId = client, Name = $"Project {++made}" })}",
        "department" => $"{await EntryAsync(new Department { Id = Id(), Name = $"Department {++made}" })}",
        "break" => $"{await EntryAsync(new BreakReason { Id = Id(), Name = $"Break {++made}", Icon = "coffee" })}",
        "door" or "chat" => side.Key,
        _ => throw new ArgumentOutOfRangeException(nameof(thing), thing, "Nobody knows how to make one."),
    };

    /// <summary>A conversation the side's agent holds, with a contact of its own and words from both.</summary>
    public async Task<Conversation> ConversationAsync(
        Household side, ConversationState state = ConversationState.Attending, string? note = null, Guid? contact = null)
    {
        var now = Clock.GetUtcNow();
        var held = state is ConversationState.Attending or ConversationState.Paused or ConversationState.Finished;
        var holder = held ? side.Ids[side.Agent] : (Guid?)null;
        var person = new Contact
        {
            Id = contact ?? Id(),
            Name = side.Of($"Contact {++made}"),
            Email = $"contact{made}@{side.Mark}.example",
            Phone = "+598 99 123 456",
            FirstSeenAt = now,
            Profile = new ContactProfile { Company = side.Of("Company"), Position = side.Of("Position") },
        };
        if (contact is null)
        {
            await SaveAsync(person);
            await SaveAsync(new Annotation
            {
                Id = Id(),
                ContactId = person.Id,
                AuthorId = side.Ids[side.Agent],
                AuthorName = side.Agent.Name,
                At = now,
                Text = side.Of("Annotation"),
            });
        }
        var conversation = new Conversation
        {
            Id = Id(),
            CampaignId = side.Campaign.Id,
            ContactId = person.Id,
            Language = "en",
            State = state,
            Ending = state == ConversationState.Finished ? Ending.Completed : null,
            FinishedAt = state == ConversationState.Finished ? now : null,
            Note = note,
            AgentId = holder,
            QueuedAt = now,
            AssignedAt = holder is null ? null : now,
            WaitedMs = holder is null ? null : 24_000,
            LastAt = now,
            LastText = side.Of("Answer"),
            LastAuthor = Author.Agent,
            Seq = 3,
            LastContactSeq = 2,
        };
        await SaveAsync(conversation);
        await SaveAsync(
            Entry(1, Author.Event, "", EventKind.Queued), Entry(2, Author.Contact, side.Of("Question"), null), Entry(3, Author.Agent, side.Of("Answer"), null));
        return conversation;

        Message Entry(int seq, Author author, string text, EventKind? what) => new()
        {
            ConversationId = conversation.Id,
            Seq = seq,
            ClientId = Id(),
            At = now,
            Author = author,
            AuthorId = author == Author.Agent ? holder : null,
            AuthorName = author == Author.Agent ? side.Agent.Name : "",
            Text = text,
            Event = what,
        };
    }

    /// <summary>Who was removed from the other house: Rita while she held a conversation there, Raúl when he had
    /// finished his.</summary>
    public async Task<IReadOnlyList<Former>> FormersAsync() => formers ??=
    [
        await RemoveAsync("Rita", ConversationState.Attending), await RemoveAsync("Raúl", ConversationState.Finished),
    ];

    private async Task<Former> RemoveAsync(string name, ConversationState left)
    {
        var person = new Person(name, $"former{++made}@both.local", Roles.Agent);
        var account = new NewAccount(person.Email, person.Name, Person.Password, person.Roles);
        await WithAsync<Accounts>(async accounts => Assert.Empty((await accounts.CreateAsync(account)).Errors));
        var id = await IdOfAsync(person);
        var sides = new List<Household>();
        foreach (var side in (Household[])[Ours, Theirs])
        {
            await EmployAsync(side, id);
            await SaveAsync(new DirectMessage
            {
                Id = Id(),
                FromId = side.Ids[side.Supervisor],
                ToId = id,
                At = Clock.GetUtcNow(),
                Text = side.Of("Between us"),
            });
            sides.Add(side with { Agent = person, Ids = new Dictionary<Person, Guid>(side.Ids) { [person] = id } });
        }
        var conversation = await ConversationAsync(sides[1], left);
        var viewer = new Viewer(id, name, Supervises: false);
        Assert.True(await WithAsync<Database, bool>(database =>
            database.ReadableBy(viewer).AnyAsync(each => each.Id == conversation.Id)));
        var administrator = new Viewer(Theirs.Ids[Theirs.Administrator], Theirs.Administrator.Name, Supervises: true);
        await WithAsync<MemberStore>(async members =>
            Assert.Equal(1, await members.RemoveAsync(administrator, [Theirs.Campaign.Id], [id], default)));
        return new Former(person, sides[0], conversation);
    }

    /// <summary>Puts a visitor's conversation into the hands of the side's agent.</summary>
    public async Task GiveAsync(Household side, Guid conversation) => await WithAsync<Database>(database =>
        database.Conversations.Where(c => c.Id == conversation).ExecuteUpdateAsync(set => set
            .SetProperty(c => c.State, ConversationState.Attending)
            .SetProperty(c => c.AgentId, side.Ids[side.Agent])
            .SetProperty(c => c.AssignedAt, Clock.GetUtcNow())));

    private async Task<Household> FurnishAsync(Household side)
    {
        var ids = new Dictionary<Person, Guid>();
        foreach (var person in (Person[])[side.Agent, side.Supervisor, side.Administrator]) ids[person] = await IdOfAsync(person);
        var group = new SecurityGroup { Id = Id(), Name = side.Of("Group") };
        await SaveAsync(group);
        await SaveAsync(
            new UserGroup { GroupId = group.Id, UserId = ids[side.Supervisor] }, new UserGroup { GroupId = group.Id, UserId = ids[side.Administrator] });
        var furnished = side with { Group = group.Id, Ids = ids };
        furnished = furnished with { Campaign = await CampaignAsync(furnished, side.Mark) };
        // The agent bears the mark too: whoever is not of the house does not know their name.
        await WithAsync<Database>(database => database.Users.Where(user => user.Id == ids[side.Agent])
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.DisplayName, side.Of(side.Agent.Name))));
        await EmployAsync(furnished, ids[side.Agent]);
        await SaveAsync(new DirectMessage
        {
            Id = Id(),
            FromId = ids[side.Supervisor],
            ToId = ids[side.Agent],
            At = Clock.GetUtcNow(),
            Text = side.Of("Between us"),
        });
        return furnished;
    }

    private async Task<Campaign> CampaignAsync(Household side, string key)
    {
        var text = new LocalText { Es = side.Of("Hola"), En = side.Of("Hello"), Pt = side.Of("Oi") };
        var campaign = new Campaign
        {
            Id = Id(),
            Key = key,
            Name = side.Of($"Campaign {key}"),
            ProjectId = project,
            DepartmentId = department,
            Settings = new CampaignSettings
            {
                Welcome = text,
                AgentGreeting = text,
                Closing = text,
                OutOfHours = text,
                NotAvailable = text,
                AbandonAfter = 0,
                AllowedOrigins = [$"https://{side.Mark}.example"],
                Skills = [side.Mark],
            },
        };
        await SaveAsync(campaign);
        await SaveAsync(new CampaignGroup { CampaignId = campaign.Id, GroupId = side.Group });
        if (side.Mark == Theirs.Mark)
            foreach (var person in InBoth) await SaveAsync(new Member { CampaignId = campaign.Id, UserId = await IdOfAsync(person) });
        return campaign;
    }

    private async Task<Guid> UserAsync(Household side, string role, bool invited = false)
    {
        var email = $"user{++made}@{side.Mark}.local";
        var id = await WithAsync<Accounts, Guid>(async accounts =>
            (await accounts.CreateAsync(new NewAccount(email, side.Of($"User {made}"), invited ? null : Person.Password, [role]))).User!.Id);
        if (role == Roles.Agent) await EmployAsync(side, id);
        else await SaveAsync(new UserGroup { GroupId = side.Group, UserId = id });
        return id;
    }

    /// <summary>Makes somebody a member of the house's campaign.</summary>
    public async Task EmployAsync(Household side, Guid user)
    {
        if (!await WithAsync<Database, bool>(database => database.Agents.AnyAsync(agent => agent.UserId == user))) await HireAsync(user);
        await SaveAsync(new Member { CampaignId = side.Campaign.Id, UserId = user });
    }

    private Task HireAsync(Guid user) => SaveAsync(new Agent
    {
        UserId = user,
        Accepting = false,
        Since = Clock.GetUtcNow(),
        SeenAt = Clock.GetUtcNow().AddDays(1),
        Capacity = 6,
    });

    private async Task<Guid> GroupAsync(Household side)
    {
        var group = new SecurityGroup { Id = Id(), Name = side.Of($"Group {++made}") };
        await SaveAsync(group);
        await SaveAsync(new UserGroup { GroupId = group.Id, UserId = side.Ids[side.Administrator] });
        if (side.Mark == Ours.Mark)
            foreach (var person in InBoth) await SaveAsync(new UserGroup { GroupId = group.Id, UserId = await IdOfAsync(person) });
        return group.Id;
    }

    // To somebody of the house who cannot be reached.
    private async Task<Guid> LetterAsync(Household side)
    {
        var user = await UserAsync(side, Roles.Supervisor, invited: true);
        var letter = await WithAsync<Database, OutboxMail>(async database => new OutboxMail
        {
            Id = Id(),
            Kind = MailKind.Invitation,
            Address = (await database.Users.SingleAsync(each => each.Id == user)).Email!,
            Site = "https://chat.example.com",
            Language = "en",
            At = Clock.GetUtcNow(),
            Attempts = OutboxMail.MaxAttempts,
            DeadAt = Clock.GetUtcNow(),
            Problem = side.Of("No such mailbox"),
        });
        await SaveAsync(letter);
        return letter.Id;
    }

    private async Task<Guid> EntryAsync(object entry)
    {
        await SaveAsync(entry);
        return (Guid)entry.GetType().GetProperty("Id")!.GetValue(entry)!;
    }

    private Task SaveAsync(params object[] entities) => WithAsync<Database>(database => database.InsertAsync(entities));
}

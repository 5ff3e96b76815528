using ContactCenter.Domain;
using ContactCenter.Storage;
using ContactCenter.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace ContactCenter.Tests.Pages;

/// <summary>
/// An application with a campaign that Lili and Omar attend and Inés does not. Conversations are put where a test wants
/// them; nobody accepts new ones, so none moves by itself.
/// </summary>
public sealed class Desk : App
{
    private Guid campaign;
    private Guid closed;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var now = Clock.GetUtcNow();
        var client = new Client { Id = Id(), Name = "Acme" };
        var project = new Project { Id = Id(), ClientId = client.Id, Name = "Shop" };
        var department = new Department { Id = Id(), Name = "Sales" };
        var tienda = new Campaign { Id = campaign = Id(), Key = "tienda", Name = "Tienda", ProjectId = project.Id, DepartmentId = department.Id };
        // Out of hours is kept where it is closed: an open campaign would offer it within a second.
        var soon = TimeOnly.FromDateTime(now.UtcDateTime).AddHours(2);
        var noche = new Campaign { Id = closed = Id(), Key = "noche", Name = "Noche", ProjectId = project.Id, DepartmentId = department.Id };
        noche.Settings.Hours.Intervals = [new() { Days = [.. Enum.GetValues<DayOfWeek>()], From = soon, To = soon.AddHours(1) }];
        await SaveAsync(client, project, department, tienda, noche);
        foreach (var person in (Person[])[Cast.Lili, Cast.Omar, Cast.Ines])
        {
            var user = await IdOfAsync(person);
            await WithAsync<Database>(async database =>
            {
                await database.Agents.Where(a => a.UserId == user).ExecuteDeleteAsync();
                // Connected for the whole test: the sweep takes nothing from them.
                database.Agents.Add(new Agent { UserId = user, Accepting = false, Since = now, SeenAt = now.AddDays(1) });
                if (person != Cast.Ines)
                    database.Members.AddRange(
                        new Member { CampaignId = campaign, UserId = user }, new Member { CampaignId = closed, UserId = user });
                await database.SaveChangesAsync();
            });
        }
    }

    public static Guid Id() => Ids.New(TimeProvider.System);

    /// <summary>A contact's conversation with this many messages, the contact's and the agent's by turns.</summary>
    public async Task<Conversation> PutAsync(
        ConversationState state, Person? agent = null, string contact = "Marta Rodríguez", int messages = 3, Guid? contactId = null, TimeSpan ago = default)
    {
        var now = Clock.GetUtcNow() - ago;
        var holder = agent is null ? (Guid?)null : await IdOfAsync(agent);
        if (contactId is null)
        {
            contactId = Id();
            await SaveAsync(new Contact { Id = contactId.Value, Name = contact, FirstSeenAt = now });
        }
        var conversation = new Conversation
        {
            Id = Id(),
            CampaignId = state == ConversationState.OutOfHours ? closed : campaign,
            ContactId = contactId.Value,
            Language = "es",
            State = state,
            Ending = state == ConversationState.Finished ? Ending.Completed : null,
            FinishedAt = state == ConversationState.Finished ? now : null,
            AgentId = holder,
            QueuedAt = now,
            AssignedAt = holder is null ? null : now,
            WaitedMs = holder is null ? null : 24_000,
            AnsweredAt = holder is null ? null : now,
            LastAt = now,
            LastText = $"message {messages}",
            LastAuthor = Author.Contact,
            Seq = messages + 1,
            LastContactSeq = messages % 2 == 0 ? messages : messages + 1,
            Unread = 1,
        };
        await SaveAsync(conversation);
        var entry = new Message { ConversationId = conversation.Id, Seq = 1, ClientId = Id(), At = now, Author = Author.Event, Event = EventKind.Queued };
        await SaveAsync([entry, .. Enumerable.Range(1, messages).Select(n => new Message
        {
            ConversationId = conversation.Id,
            Seq = n + 1,
            ClientId = Id(),
            At = now.AddSeconds(n),
            Author = n % 2 == 1 ? Author.Contact : Author.Agent,
            AuthorId = n % 2 == 1 ? null : holder,
            Text = $"message {n}",
        })]);
        return conversation;
    }

    /// <summary>Sets an agent's last sign of life.</summary>
    public async Task SeenAsync(Person person, DateTimeOffset? at)
    {
        var user = await IdOfAsync(person);
        await WithAsync<Database>(database =>
            database.Agents.Where(a => a.UserId == user).ExecuteUpdateAsync(set => set.SetProperty(a => a.SeenAt, at)));
    }

    public Task<DateTimeOffset?> LeavingAtAsync(Guid user) => WithAsync<Database, DateTimeOffset?>(database =>
        database.Agents.Where(a => a.UserId == user).Select(a => a.LeavingAt).SingleAsync());

    public Task<DateTimeOffset?> SeenAtAsync(Guid user) => WithAsync<Database, DateTimeOffset?>(database =>
        database.Agents.Where(a => a.UserId == user).Select(a => a.SeenAt).SingleAsync());

    public Task<Conversation> ReloadAsync(Conversation conversation) => WithAsync<Database, Conversation>(database =>
        database.Conversations.AsNoTracking().SingleAsync(c => c.Id == conversation.Id));

    public Task<int> CountAsync(Conversation conversation, string text) => WithAsync<Database, int>(database =>
        database.Messages.CountAsync(m => m.ConversationId == conversation.Id && m.Text == text));

    private Task SaveAsync(params object[] entities) => WithAsync<Database>(database => database.InsertAsync(entities));
}

namespace ContactCenter.Tests.Rules;

/// <summary>How a route is asked for an object: its addresses, with <c>{thing}</c> where the object stands.</summary>
/// <param name="Route">The pattern as routing has it.</param>
/// <param name="Addresses">Things are those that <see cref="Support.TwoHouses.MakeAsync"/> knows.</param>
public sealed record Recipe(string Route, params string[] Addresses)
{
    /// <summary>Verbs that answer 404 also where everything is right: there is nothing to see, or a value is needed.</summary>
    public string Nothing { get; init; } = "";

    /// <summary>What is sent beyond an empty form, without which the object would not be looked for.</summary>
    public bool HasText { get; init; }

    /// <summary>Only the agent who holds the conversation changes it; to a supervisor who reads it, it is refused.</summary>
    public bool HolderOnly { get; init; }

    /// <summary>What it changes is shared by all campaigns: only who administers all of them does.</summary>
    public bool Shared { get; init; }

    /// <summary>Nobody but who administers all campaigns is let in.</summary>
    public bool Closed { get; init; }

    /// <summary>Every member of the campaign is answered, whoever holds the conversation.</summary>
    public bool Members { get; init; }
}

/// <summary>
/// The recipe of every route. A new route has none and fails the matrix until somebody says here how it is asked for an
/// object of one's own, of somebody else and of nobody.
/// </summary>
static class Recipes
{
    public static readonly IReadOnlyList<Recipe> All =
    [
        new("/", "/"),
        new("/administration/campaigns/{id:guid?}", "/administration/campaigns", "/administration/campaigns/{campaign}"),
        new("/administration/campaigns/{id:guid}/activation", "/administration/campaigns/{campaign}/activation") { Nothing = "GET" },
        new("/administration/campaigns/{id:guid}/deletion", "/administration/campaigns/{campaign}/deletion"),
        new("/administration/groups/{id:guid?}", "/administration/groups", "/administration/groups/{group}"),
        new("/administration/groups/{id:guid}/deletion", "/administration/groups/{group}/deletion"),
        new("/administration/jobs", "/administration/jobs") { Nothing = "POST", Shared = true },
        new("/administration/jobs/delivery/{id:guid?}", "/administration/jobs/delivery", "/administration/jobs/delivery/{letter}") { Nothing = "GET" },
        new("/administration/jobs/hangfire/{**path}", "/administration/jobs/hangfire",
            "/administration/jobs/hangfire/recurring/trigger") { Closed = true },
        new("/administration/members", "/administration/members"),
        new("/administration/security", "/administration/security"),
        new("/administration/users/{id:guid?}", "/administration/users", "/administration/users/{user}"),
        new("/administration/users/{id:guid}/activation", "/administration/users/{user}/activation"),
        new("/administration/users/{id:guid}/invitation", "/administration/users/{guest}/invitation") { Nothing = "GET" },
        new("/administration/users/{id:guid}/link", "/administration/users/{guest}/link"),
        // Nobody here has a second step to lose: TwoFactorTests asks about who has.
        new("/administration/users/{id:guid}/two-factor", "/administration/users/{user}/two-factor") { Nothing = "GET, POST" },
        new("/administration/{kind:catalogue}/{id:guid?}",
            "/administration/clients", "/administration/clients/{client}", "/administration/projects/{project}",
            "/administration/departments/{department}", "/administration/breaks/{break}") { Shared = true },
        new("/administration/{kind:catalogue}/{id:guid}/activation", "/administration/clients/{client}/activation") { Nothing = "GET", Shared = true },
        new("/administration/{kind:catalogue}/{id:guid}/deletion", "/administration/clients/{client}/deletion") { Shared = true },
        new("/availability", "/availability"),
        new("/availability/departure", "/availability/departure"),
        new("/chat/{key}", "/chat/{door}"),
        new("/chat/{key}/conversation", "/chat/{door}/conversation"),
        new("/chat/{key}/conversation/leave", "/chat/{chat}/conversation/leave"),
        new("/chat/{key}/messages", "/chat/{chat}/messages?before=100") { HasText = true },
        new("/chat/{key}/pane", "/chat/{door}/pane"),
        new("/chat/{key}/receipts", "/chat/{chat}/receipts"),
        new("/chat/{key}/start", "/chat/{door}/start"),
        new("/chat/{key}/stream", "/chat/{chat}/stream"),
        new("/chat/{key}/typing", "/chat/{chat}/typing"),
        new("/contacts/{id:guid}", "/contacts/{contact}") { Nothing = "GET" },
        new("/contacts/{id:guid}/annotations", "/contacts/{contact}/annotations") { Nothing = "GET", HasText = true },
        new("/contacts/{id:guid}/panel", "/contacts/{contact}/panel", "/contacts/{contact}/panel?tab=history", "/contacts/{contact}/panel?tab=notes"),
        new("/conversations/{id:guid}", "/conversations/{conversation}"),
        new("/conversations/{id:guid}/assignment", "/conversations/{conversation}/assignment") { Members = true },
        new("/conversations/{id:guid}/closure", "/conversations/{conversation}/closure") { HolderOnly = true },
        new("/conversations/{id:guid}/frame", "/conversations/{conversation}/frame"),
        new("/conversations/{id:guid}/messages", "/conversations/{conversation}/messages") { HasText = true, HolderOnly = true },
        new("/conversations/{id:guid}/pane", "/conversations/{conversation}/pane"),
        new("/conversations/{id:guid}/pause", "/conversations/{conversation}/pause") { HolderOnly = true },
        new("/conversations/{id:guid}/presence", "/conversations/{conversation}/presence") { HolderOnly = true },
        new("/conversations/{id:guid}/receipts", "/conversations/{conversation}/receipts"),
        new("/conversations/{id:guid}/resumption", "/conversations/{conversation}/resumption") { HolderOnly = true },
        new("/conversations/{id:guid}/timeline", "/conversations/{conversation}/timeline"),
        new("/conversations/{id:guid}/typing", "/conversations/{conversation}/typing") { HolderOnly = true },
        new("/demo", "/demo") { Nothing = "GET" },
        new("/direct-messages/dialog/{with:guid?}", "/direct-messages/dialog", "/direct-messages/dialog/{colleague}"),
        new("/direct-messages/unread", "/direct-messages/unread"),
        new("/direct-messages/{with:guid?}", "/direct-messages/{colleague}") { HasText = true },
        new("/direct-messages/{with:guid}/log", "/direct-messages/{colleague}/log"),
        new("/error", "/error") { Nothing = "GET, POST, PUT, DELETE" },
        new("/health/live", "/health/live"),
        new("/health/ready", "/health/ready"),
        new("/history", "/history"),
        new("/inbox", "/inbox"),
        new("/inbox/bell", "/inbox/bell"),
        new("/inbox/kpis", "/inbox/kpis"),
        new("/inbox/list", "/inbox/list", "/inbox/list?tab=waiting", "/inbox/list?tab=paused", "/inbox/list?tab=outofhours"),
        new("/inbox/pane", "/inbox/pane"),
        new("/inbox/stream", "/inbox/stream", "/inbox/stream?conversation={conversation}"),
        new("/invitation", "/invitation"),
        new("/password/recovery", "/password/recovery"),
        new("/password/reset", "/password/reset"),
        new("/profile", "/profile"),
        // Whose sessions are whose: SessionListTests asks.
        new("/profile/sessions/{id:guid?}", "/profile/sessions", "/profile/sessions/{user}") { Nothing = "GET, POST" },
        new("/profile/two-factor", "/profile/two-factor"),
        new("/setup", "/setup") { Nothing = "GET, POST" },
        new("/sign-in", "/sign-in"),
        new("/sign-in/code", "/sign-in/code"),
        new("/sign-out", "/sign-out") { Nothing = "GET" },
        new("/supervision/agents/{id:guid}", "/supervision/agents/{agent}"),
        new("/supervision/agents/{id:guid}/break", "/supervision/agents/{agent}/break"),
        new("/supervision/agents/{id:guid}/departure", "/supervision/agents/{agent}/departure"),
        new("/supervision/board/{campaign:guid?}", "/supervision/board", "/supervision/board/{campaign}"),
        new("/supervision/conversations/{figure}/{campaign:guid?}",
            "/supervision/conversations/waiting", "/supervision/conversations/attended/{campaign}", "/supervision/conversations/completed/{campaign}"),
        new("/supervision/{campaign:guid?}", "/supervision", "/supervision/{campaign}"),
        new("/supervision/{campaign:guid}/wallboard", "/supervision/{campaign}/wallboard"),
    ];
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ContactCenter.Tests.Channels.WebChat;
using ContactCenter.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ContactCenter.Tests.Hosting;

/// <summary>
/// Browsers abort what they no longer need: with every link followed while something loads. No connection to the database may
/// break by it, least of all in a node's first minute, when each statement is planned for the first time.
/// </summary>
public sealed class AbortedRequestsTests(LoggedApp app) : IClassFixture<LoggedApp>
{
    private const int Requests = 2000;
    private const int AtOnce = 12;

    [Fact]
    public async Task Thousands_of_aborted_requests_on_a_fresh_node_break_no_connection_and_nobody_elses_request()
    {
        await SlowDownPlanningAsync();
        using var lili = await app.SignInAsync(Cast.Lili);
        using var sofia = await app.SignInAsync(Cast.Sofia);
        using var ada = await app.SignInAsync(Cast.Ada);
        using var marta = await app.StartAsync(Cast.Marta, text: "hola");
        string[] aborted =
        [
            .. Asked(lili, "/inbox", "/inbox/list", "/inbox/kpis", "/history", "/contacts", "/profile", "/inbox/stream"),
            .. Asked(sofia, "/supervision", "/inbox", "/direct-messages", "/inbox/stream"),
            .. Asked(ada, "/administration/users", "/administration/campaigns", "/administration/jobs", "/administration/members"),
            .. new[] { "pane", "messages", "stream" }.Select(path => Request($"/chat/sales/{path}", "X-Visitor: " + marta.Token)),
            .. new[] { "messages", "conversation" }.Select(path => TornOff($"/chat/sales/{path}", "X-Visitor: " + marta.Token)),
            TornOff("/sign-in", "Accept: text/html"),
            // Not read before they are looked at, as the others are.
            .. new[] { "/chat/sales/messages", "/chat/sales/conversation", "/sign-in" }.Select(path =>
                TornOff(path, "X-Visitor: " + marta.Token, "multipart/form-data; boundary=x", "--x\r\nContent-")),
        ];
        var way = new NpgsqlConnectionStringBuilder(app.ConnectionString) { ApplicationName = "observer" };
        await using var observer = NpgsqlDataSource.Create(way);
        var seen = new HashSet<int>();
        var sent = 0;
        var storm = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(each => Task.Run(async () =>
        {
            var chance = new Random(each);
            while (Interlocked.Increment(ref sent) is var number && number <= Requests)
                await AbortAsync(aborted[number % aborted.Length], TimeSpan.FromMilliseconds(chance.NextDouble() * 25));
        })));
        var refused = new List<int>();
        while (!storm.IsCompleted)
        {
            seen.UnionWith(await ConnectionsAsync(observer));
            Answer[] others = [await lili.GetAsync("/inbox"), await marta.PaneAsync(), await marta.SayAsync("¿hay alguien?")];
            refused.AddRange(others.Select(answer => answer.Status).Where(status => status != (int)HttpStatusCode.OK));
        }
        await storm;

        var left = await ConnectionsAsync(observer);
        Assert.True(seen.Count > 3, $"only {seen.Count} connections worked");
        Assert.Empty(refused);
        Assert.True(app.Errors.IsEmpty, string.Join("\n", app.Errors.Take(3)));
        Assert.True(seen.IsSubsetOf(left), $"{seen.Except(left).Count()} of {seen.Count} connections broke");
    }

    /// <summary>
    /// Each connection takes 20 ms longer over its first plan with each of these tables, as on a busy server: the planner works
    /// out what an index is for, once for each connection.
    /// </summary>
    private async Task SlowDownPlanningAsync()
    {
        await using var source = NpgsqlDataSource.Create(app.ConnectionString);
        await using var slow = source.CreateCommand("""
            create function slow() returns boolean immutable language plpgsql as 'begin perform pg_sleep(0.02); return true; end';
            create index on users (id) where slow();
            create index on agents (user_id) where slow();
            create index on contacts (id) where slow();
            create index on messages (conversation_id) where slow();
            create index on conversations (id) where slow();
            create index on campaigns (id) where slow();
            """);
        await slow.ExecuteNonQueryAsync();
    }

    private IEnumerable<string> Asked(Browserless browser, params string[] paths) =>
        paths.Select(path => Request(path, "Cookie: " + browser.Cookies.GetCookieHeader(app.Address)));

    private string Request(string path, string identity) =>
        $"GET {path} HTTP/1.1\r\nHost: {app.Address.Authority}\r\nAccept: text/html\r\n{identity}\r\n\r\n";

    /// <summary>A form that says it is longer than what comes of it.</summary>
    private string TornOff(
        string path, string identity, string type = "application/x-www-form-urlencoded", string begun = "text=hal") =>
        $"POST {path} HTTP/1.1\r\nHost: {app.Address.Authority}\r\n{identity}\r\n"
        + $"Content-Type: {type}\r\nContent-Length: 900\r\n\r\n{begun}";

    /// <summary>Asks, and is gone after a moment.</summary>
    private async Task AbortAsync(string request, TimeSpan after)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(IPAddress.Loopback, app.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < after) await Task.Yield();
    }

    private static async Task<HashSet<int>> ConnectionsAsync(NpgsqlDataSource observer)
    {
        await using var ask = observer.CreateCommand("""
            select pid from pg_stat_activity
            where datname = current_database() and application_name <> 'observer' and backend_type = 'client backend'
            """);
        await using var reader = await ask.ExecuteReaderAsync();
        var found = new HashSet<int>();
        while (await reader.ReadAsync()) found.Add(reader.GetInt32(0));
        return found;
    }
}

/// <summary>The application with what it and the server below log as errors.</summary>
public sealed class LoggedApp : ChatApp, ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Errors { get; } = [];

    protected override void Configure(IServiceCollection services) => services.AddSingleton<ILoggerProvider>(this);

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error) Errors.Enqueue($"{formatter(state, exception)} {exception}");
    }
}

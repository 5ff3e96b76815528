using ContactCenter.Jobs;
using ContactCenter.Storage;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Tests.Support;

/// <summary>
/// The application on Kestrel at 127.0.0.1, with a database of its own in which the cast has accounts: one for each test class
/// (<c>IClassFixture&lt;App&gt;</c>). It runs as in Production, with limits nobody meets by accident. A class that needs
/// another makes its own kind of App and says in <see cref="Settings"/> what differs.
/// </summary>
public class App : IAsyncLifetime
{
    private const string WithCast = "with_cast";
    private readonly TemporaryFolder data = new();
    private TestDatabase? database;
    private WebApplicationFactory<Program>? factory;

    /// <summary>Time as the application sees it.</summary>
    public MovedClock Clock { get; } = new();

    public Uri Address { get; private set; } = new("http://nowhere.invalid");

    public IServiceProvider Services => factory!.Services;

    public string ConnectionString => database!.ConnectionString;

    /// <summary>Its data folder.</summary>
    public string Data => data.Path;

    /// <summary>What is configured otherwise than by default.</summary>
    protected virtual IEnumerable<(string Key, string? Value)> Settings => [];

    /// <summary>False for a database in which nobody has an account.</summary>
    protected virtual bool HasCast => true;

    /// <summary>Whether Hangfire's server runs the shared jobs; otherwise a plain loop does.</summary>
    protected virtual bool HasHangfire => false;

    protected virtual string Environment => "Production";

    /// <summary>A last word on the services.</summary>
    protected virtual void Configure(IServiceCollection services)
    {
    }

    public virtual async Task InitializeAsync()
    {
        var server = await PostgresServer.SharedAsync();
        if (HasCast) await server.PrepareTemplateAsync(WithCast, FillAsync);
        database = HasCast ? await server.CreateDatabaseAsync(WithCast) : await Template.DatabaseAsync();
        factory = Start(database.ConnectionString);
        Address = new Uri(factory.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public virtual async Task DisposeAsync()
    {
        if (factory is not null) await factory.DisposeAsync();
        if (database is not null) await database.DisposeAsync();
        data.Dispose();
    }

    /// <summary>A browser nobody has signed in with.</summary>
    public Browserless Open() => new(Address);

    /// <summary>A browser in which <paramref name="person"/> has signed in, by the sign-in page.</summary>
    public async Task<Browserless> SignInAsync(Person person)
    {
        var browser = Open();
        var answer = await browser.PostAsync("/sign-in", ("Form.Email", person.Email), ("Form.Password", Person.Password));
        Assert.True(answer.Status == 302, $"{person.Name} could not sign in: {answer.Status} {answer.Text}");
        return browser;
    }

    /// <summary>Uses a service of the application in a scope of its own.</summary>
    public async Task<TResult> WithAsync<TService, TResult>(Func<TService, Task<TResult>> use) where TService : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<TService>());
    }

    /// <inheritdoc cref="WithAsync{TService, TResult}"/>
    public Task WithAsync<TService>(Func<TService, Task> use) where TService : notnull =>
        WithAsync<TService, bool>(async service =>
        {
            await use(service);
            return true;
        });

    /// <summary>The user of a member of the cast.</summary>
    public Task<Guid> IdOfAsync(Person person) => WithAsync<Database, Guid>(database =>
        Task.FromResult(database.Users.Single(user => user.Email == person.Email).Id));

    private static async Task FillAsync(string connectionString)
    {
        var app = new App();
        await using (var filling = app.Start(connectionString))
        {
            await using var scope = filling.Services.CreateAsyncScope();
            await Cast.EnterAsync(scope.ServiceProvider);
        }
        app.data.Dispose();
    }

    private WebApplicationFactory<Program> Start(string connectionString)
    {
        var starting = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment(Environment);
            host.UseSetting("urls", "http://127.0.0.1:0");
            host.UseSetting("ConnectionStrings:Postgres", connectionString);
            host.UseSetting("ContactCenter:DataDirectory", data.Path);
            string[] limits = ["MessagesPerSecond", "MessageBurst", "ReceiptsPerSecond", "StartsPerMinute", "SignInsPerMinute"];
            foreach (var limit in limits) host.UseSetting("ContactCenter:Limits:" + limit, "10000");
            foreach (var (key, value) in Settings) host.UseSetting(key, value);
            host.ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
            host.ConfigureTestServices(services =>
            {
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
                if (!HasHangfire)
                {
                    services.Remove(services.Single(service => service.ImplementationType == typeof(JobServer)));
                    services.AddHostedService<SharedJobsInTests>();
                }
                Configure(services);
            });
        });
        starting.UseKestrel(0);
        starting.StartServer();
        return starting;
    }
}

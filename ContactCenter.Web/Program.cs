using ContactCenter;
using ContactCenter.Hosting;
using ContactCenter.Jobs;
using ContactCenter.Realtime;
using ContactCenter.Routing;
using ContactCenter.Storage;

var builder = WebApplication.CreateBuilder(args);
await using var databaseServer = await builder.AddDatabaseServer();

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddLocalization(options => options.ResourcesPath = "Resources");
builder.Services.AddStorage(builder.Configuration);
builder.Services.AddRealtime();
builder.Services.AddRouting(builder.Configuration);
builder.Services.AddJobs();
builder.Services.AddRazorPages();

var app = builder.Build();
await app.Services.GetRequiredService<Migrator>().ApplyAsync();

app.MapStaticAssets();
app.MapRazorPages();
app.MapStreams();

await app.RunAsync();

/// <summary>The entry point, named so that tests can start it.</summary>
public partial class Program;

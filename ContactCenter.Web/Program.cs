using ContactCenter.Channels.WebChat;
using ContactCenter.Hosting;
using ContactCenter.Jobs;
using ContactCenter.Pages;
using ContactCenter.Pages.Administration;
using ContactCenter.Realtime;
using ContactCenter.Routing;
using ContactCenter.Security;
using ContactCenter.Storage;

StartupRefusal.TellPlainly();
// The longest part of a start: it goes on beside the others.
var model = StorageRoom.BuildModelAsync();
var builder = WebApplication.CreateBuilder(args);
builder.AddLogs();
builder.AddTelemetry();
builder.AddKeyRing();
await using var databaseServer = await builder.AddDatabaseServer();

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddTexts();
builder.Services.AddHealth();
builder.Services.AddCompression();
builder.Services.AddStorage(builder.Configuration);
builder.Services.AddSecurity();
builder.Services.AddRealtime();
builder.Services.AddRouting(builder.Configuration);
builder.Services.AddJobs();
builder.Services.AddWorkspace();
builder.Services.AddAdministration();
builder.Services.AddWebChat();

var app = builder.Build();
await app.Services.GetRequiredService<Migrator>().ApplyAsync();

app.FinishAbortedRequests();
app.UseCompression();
app.UseSecurity();
// Before anybody's session is looked at: they are the same for all.
app.MapStaticAssets().AllowAnonymous().ShortCircuit();
app.MapHealth();
app.MapRazorPages().WithStaticAssets();
app.MapStreams();
app.MapWebChat();
app.MapJobs();

await model;
await app.Services.GetRequiredService<KeySeals>().RenewAsync();
if (args is ["keys", .. var words])
{
    Environment.ExitCode = app.Services.GetRequiredService<KeyCommands>().Run(words, Console.Out);
    return;
}

if (app.Environment.IsDevelopment()) await app.SeedDemoAsync();
await app.OfferSetupAsync();
await app.RunAsync();

/// <summary>The entry point, named so that tests can start it.</summary>
public partial class Program;

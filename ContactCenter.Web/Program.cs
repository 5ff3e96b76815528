using ContactCenter;
using ContactCenter.Hosting;

var builder = WebApplication.CreateBuilder(args);
await using var databaseServer = await builder.AddDatabaseServer();

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddLocalization(options => options.ResourcesPath = "Resources");
builder.Services.AddRazorPages();

var app = builder.Build();

app.MapStaticAssets();
app.MapRazorPages();

await app.RunAsync();

/// <summary>The entry point, named so that tests can start it.</summary>
public partial class Program;

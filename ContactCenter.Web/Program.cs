using ContactCenter;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddLocalization(options => options.ResourcesPath = "Resources");
builder.Services.AddRazorPages();

var app = builder.Build();

app.MapStaticAssets();
app.MapRazorPages();

await app.RunAsync();

/// <summary>The entry point, named so that tests can start it.</summary>
public partial class Program;

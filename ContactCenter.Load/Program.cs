using System.Globalization;
using System.Runtime.InteropServices;
using ContactCenter.Hosting;
using ContactCenter.Load.Chaos;
using Npgsql;

namespace ContactCenter.Load;

static class Entry
{
    static readonly string[] Parts = ["startup", "weights", "assignment", "visibility", "throughput", "connections", "board", "load", "growth"];

    static async Task<int> Main(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        switch (args)
        {
            case ["floor", .. var rest]:
                await Floor.Serve(rest);
                return 0;
            case ["run", var app, var folder, .. var rest] when rest.All(part => part == "--quick" || Parts.Contains(part)):
                string[] parts = [.. rest.Where(part => part != "--quick")];
                try
                {
                    var report = await Run(Path.GetFullPath(app), folder, parts.Length == 0 ? Parts : parts, rest.Contains("--quick"));
                    report.Print();
                    return report.Holds ? 0 : 1;
                }
                catch (Exception problem)
                {
                    Console.Error.WriteLine(problem);
                    return 3;
                }
            case ["chaos", var app, var folder, .. var rest]:
                return await Chaos(Path.GetFullPath(app), folder, rest);
            default:
                Console.Error.WriteLine($"Usage: bin/bench [--quick] [{string.Join("|", Parts)} …]");
                return 2;
        }
    }

    static async Task<Report> Run(string app, string folder, string[] parts, bool quick)
    {
        var report = new Report();
        var address = Launch.FreeAddress();
        var data = Path.Combine(folder, "data");
        await using (var fresh = await EmbeddedPostgres.StartAsync(data))
            await House.Furnish(fresh.ConnectionString());
        if (parts.Contains("startup"))
            await StartUp.Measure(() => Server.Start(Web(("ContactCenter__DataDirectory", data))), report);

        await using var postgres = await EmbeddedPostgres.StartAsync(data);
        var connectionString = postgres.ConnectionString();
        var web = Web(("ConnectionStrings__Postgres", connectionString));
        var house = new House(connectionString, address);
        report.Machine = await Machine(connectionString);

        await using (var server = await Server.Start(web))
        {
            if (parts.Contains("weights"))
                await Weights.Measure(house.Street, (await house.Agents(1))[0].Http, House.Campaign, report);
            if (parts.Contains("assignment"))
                await Assignment.Measure(house.Street, House.Campaign, await house.Agents(3), quick, report);
            if (parts.Contains("visibility"))
                await Visibility.Measure(await house.Talking(50, by: 10), quick, report);
            if (parts.Contains("throughput"))
                await Throughput.Measure(address, connectionString, house, quick, folder, report);
        }
        if (parts.Contains("connections"))
            await Connections.Measure(() => Server.Start(web), house, report);
        if (parts.Contains("board"))
        {
            await using var server = await Server.Start(web);
            await Boards.Measure(connectionString, house, quick, report);
        }
        if (parts.Contains("load"))
        {
            // A house of its own: who is held from the other parts would be in everybody's lists.
            var separate = await Separate(postgres, "load");
            await using var server = await Server.Start(Web(("ConnectionStrings__Postgres", separate)));
            await BusyMinute.Measure(server, separate, new House(separate, address), quick, report);
        }
        if (parts.Contains("growth"))
            await Growth.Comparison.Measure(Path.Combine(folder, "growth"), database => Server.Start(Web(("ConnectionStrings__Postgres", database))), address, quick, report);
        return report;

        Launch Web((string, string) database) => new(
            app, [], address, "/sign-in", Path.Combine(folder, "app.log"),
            [
                database,
                ("ASPNETCORE_ENVIRONMENT", "Production"),
                ("ContactCenter__Limits__MessagesPerSecond", "10000"),
                ("ContactCenter__Limits__MessageBurst", "10000"),
                ("ContactCenter__Limits__ReceiptsPerSecond", "10000"),
                ("ContactCenter__Limits__StartsPerMinute", "100000"),
                ("ContactCenter__Limits__SignInsPerMinute", "100000"),
                ("ContactCenter__Limits__VisitorsPerAddress", "1000"),
                ("ContactCenter__Limits__StreamsPerVisitor", "100000"),
                ("ContactCenter__Limits__StreamsPerAddress", "100000"),
                ("ContactCenter__Limits__StreamsPerSession", "100000"),
                // Agents close their tabs between the measurements and keep their conversations.
                ("ContactCenter__PresenceGraceSeconds", "3600"),
            ]);
    }

    static async Task<string> Separate(EmbeddedPostgres postgres, string name)
    {
        await using (var connection = new NpgsqlConnection(postgres.ConnectionString("postgres")))
        {
            await connection.OpenAsync();
            await using var create = new NpgsqlCommand($"create database {name}", connection);
            await create.ExecuteNonQueryAsync();
        }
        await House.Furnish(postgres.ConnectionString(name));
        return postgres.ConnectionString(name);
    }

    static async Task<int> Chaos(string app, string folder, string[] options)
    {
        var at = Array.IndexOf(options, "--seed");
        var seed = at >= 0 && int.TryParse(options.ElementAtOrDefault(at + 1), out var given) ? given : Random.Shared.Next(1, 1_000_000);
        try
        {
            var report = await Performance.Play(app, folder, seed, options.Contains("--quick") ? Size.Quick : Size.Whole);
            report.Print();
            return report.Holds ? 0 : 1;
        }
        catch (Exception problem)
        {
            Console.Error.WriteLine(problem);
            return 3;
        }
    }

    static async Task<string> Machine(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var ask = new NpgsqlCommand("select current_setting('server_version'), current_setting('fsync'), current_setting('synchronous_commit')", connection);
        await using var answer = await ask.ExecuteReaderAsync();
        await answer.ReadAsync();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;
        return $"{Environment.ProcessorCount} cores, {memory:F0} GB, {RuntimeInformation.OSDescription.Split('#')[0].Trim()}, {RuntimeInformation.FrameworkDescription}, "
            + $"PostgreSQL {answer.GetString(0)} (fsync {answer.GetString(1)}, synchronous_commit {answer.GetString(2)})";
    }
}

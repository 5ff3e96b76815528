using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace ContactCenter.Load;

/// <summary>Processor time of the processes of this machine, in seconds, as the kernel counts it in /proc.</summary>
static class Processor
{
    // USER_HZ: what the kernel counts in, on every Linux there is.
    const double TicksPerSecond = 100;

    public static double Of(int process) => Read(process) is { } time ? time.Own : 0;

    /// <summary>A process with its children, those that have ended too: a PostgreSQL server with all its sessions.</summary>
    public static double OfFamily(int process)
    {
        if (Read(process) is not { } head) return 0;
        var children = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? Read(id) : null)
            .Where(time => time?.Parent == process);
        return head.Own + head.Ended + children.Sum(time => time!.Own);
    }

    /// <summary>The process all sessions of a PostgreSQL server on this machine are children of.</summary>
    public static async Task<int> OfServer(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return Read(connection.ProcessID)?.Parent ?? throw new InvalidOperationException("The database is not on this machine.");
    }

    sealed record Time(int Parent, double Own, double Ended);

    // proc(5): after the name in brackets come state, parent, …; utime, stime, cutime and cstime are the fields 14 to 17.
    static Time? Read(int process)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{process}/stat");
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            double At(int field) => double.Parse(fields[field - 3], CultureInfo.InvariantCulture) / TicksPerSecond;
            return new((int)(At(4) * TicksPerSecond), At(14) + At(15), At(16) + At(17));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>How many cores each part used between two moments; 1 is one core all the time.</summary>
sealed class Cores(int app, int database)
{
    readonly long start = Stopwatch.GetTimestamp();
    readonly double appBefore = Processor.Of(app);
    readonly double databaseBefore = Processor.OfFamily(database);
    readonly double ownBefore = Processor.Of(Environment.ProcessId);

    public double App => Since(Processor.Of(app) - appBefore);

    public double Database => Since(Processor.OfFamily(database) - databaseBefore);

    /// <summary>The load client itself, which shares the machine with what it measures.</summary>
    public double Client => Since(Processor.Of(Environment.ProcessId) - ownBefore);

    double Since(double seconds) => seconds / Stopwatch.GetElapsedTime(start).TotalSeconds;
}

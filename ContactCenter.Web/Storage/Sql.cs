using Npgsql;
using NpgsqlTypes;

namespace ContactCenter.Storage;

/// <summary>Short forms for the hand-written statements; parameters are positional ($1, $2, …).</summary>
internal static class Sql
{
    public static NpgsqlCommand Statement(this NpgsqlDataSource source, string sql, params ReadOnlySpan<object?> values)
    {
        var command = source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(Parameter(value));
        return command;
    }

    public static NpgsqlCommand Statement(
        this NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(Parameter(value));
        return command;
    }

    /// <summary>One more statement of a batch: all go to the server at once, and each sees what the ones before it did.</summary>
    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(Parameter(value));
        batch.BatchCommands.Add(command);
    }

    /// <summary>
    /// The statements that follow in this batch's transaction keep the plan of their first run: for what is read again with
    /// every message, and has an index for each of its parts, so that one plan serves every viewer. Planning it anew each
    /// time costs several times what it does.
    /// </summary>
    public static void PlanOnce(this NpgsqlBatch batch) => batch.Add("set local plan_cache_mode = force_generic_plan");

    /// <summary>One statement that keeps the plan of its first run, as <see cref="PlanOnce"/> says; still one way to the server and back.</summary>
    public static NpgsqlBatch PlannedOnce(this NpgsqlDataSource source, string sql, params ReadOnlySpan<object?> values)
    {
        var batch = source.CreateBatch();
        batch.Add("begin read only");
        batch.PlanOnce();
        batch.Add(sql, values);
        batch.Add("commit");
        return batch;
    }

    /// <summary>
    /// An id or none. With its type: a null without one is of another kind than an id, and a statement is prepared for one
    /// kind of parameters only.
    /// </summary>
    public static NpgsqlParameter OrNull(this Guid? id) => new() { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)id ?? DBNull.Value };

    private static NpgsqlParameter Parameter(object? value) => value switch
    {
        NpgsqlParameter parameter => parameter,
        null => new NpgsqlParameter { Value = DBNull.Value },
        Guid id => new NpgsqlParameter<Guid> { TypedValue = id },
        int number => new NpgsqlParameter<int> { TypedValue = number },
        string text => new NpgsqlParameter<string> { TypedValue = text },
        DateTimeOffset at => new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime },
        _ => new NpgsqlParameter { Value = value },
    };
}

internal static class StoredTime
{
    /// <summary>The time as PostgreSQL keeps it, in whole microseconds: what is answered now is what is read later.</summary>
    public static DateTimeOffset Stored(this DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
}

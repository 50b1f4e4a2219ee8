using FlexEdit.Tests.Integration.Local;
using Npgsql;

namespace FlexEdit.Tests.Integration.Scale;

/// <summary>What became of one edit, all times the database's.</summary>
/// <param name="Created">Its row was made.</param>
/// <param name="Understood">It began to wait for a generation worker.</param>
/// <param name="Claimed">A worker took it, whose attempt counted.</param>
/// <param name="Done">It ended.</param>
/// <param name="Model">Its share of the model's time.</param>
internal sealed record MeasuredEdit(DateTime Created, DateTime Understood, DateTime Claimed, DateTime Done, TimeSpan Model)
{
    /// <summary>Wait for a generation worker.</summary>
    public TimeSpan Wait => Claimed - Understood;

    /// <summary>From the submission to the result.</summary>
    public TimeSpan Took => Done - Created;
}

/// <summary>Reads the ledger after a run.</summary>
internal static class ScaleMeasurement
{
    /// <summary>All edits that succeeded, by the time of their end.</summary>
    public static async Task<IReadOnlyList<MeasuredEdit>> ReadAsync(LocalDeployment local, CancellationToken cancellationToken)
    {
        await using var ledger = await local.DatabaseAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            select e."CreatedAt", u."EndedAt", g."StartedAt", g."EndedAt", g."ModelMs" from edits e
            join attempts u on u."EditId" = e."Id" and u."Stage" = 'understanding' and u."Outcome" = 'ok'
            join attempts g on g."EditId" = e."Id" and g."Stage" = 'generating' and g."Outcome" = 'ok'
            where e."Status" = 'succeeded' order by g."EndedAt"
            """,
            ledger);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var edits = new List<MeasuredEdit>();
        while (await reader.ReadAsync(cancellationToken))
            edits.Add(new MeasuredEdit(At(0), At(1), At(2), At(3), TimeSpan.FromMilliseconds(reader.GetDouble(4))));
        return edits;

        DateTime At(int column) => new(reader.GetInt64(column), DateTimeKind.Utc);
    }

    /// <summary>Edits a second between two moments; one that was worked on only partly within counts as that part.</summary>
    public static double RateWithin(IEnumerable<MeasuredEdit> edits, DateTime from, DateTime to) =>
        edits.Sum(edit => Math.Max(0, (Min(edit.Done, to) - Max(edit.Claimed, from)).TotalSeconds) / (edit.Done - edit.Claimed).TotalSeconds) / (to - from).TotalSeconds;

    /// <summary>A quantile of what has an order, nearest rank.</summary>
    public static TimeSpan Quantile(IEnumerable<TimeSpan> times, double share)
    {
        var sorted = times.Order().ToArray();
        return sorted.Length == 0 ? TimeSpan.Zero : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    private static DateTime Min(DateTime one, DateTime other) => one < other ? one : other;

    private static DateTime Max(DateTime one, DateTime other) => one > other ? one : other;
}

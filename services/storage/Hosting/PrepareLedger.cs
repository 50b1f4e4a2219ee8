using FlexEdit.Platform.Hosting;
using FlexEdit.Storage.Ledger;

namespace FlexEdit.Storage.Hosting;

/// <summary>
/// <c>FlexEdit.Storage migrate</c>: makes the ledger's tables or brings them up to date, and ends. Every storage process does the same at its start, under the
/// same lock; this is for whoever wants to see it happen before, or lets it be done by another database user.
/// </summary>
internal static class PrepareLedger
{
    public const string Command = "migrate";

    /// <summary>Does it with the settings of the environment.</summary>
    /// <exception cref="StartupException">The ledger cannot be used.</exception>
    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddFlexEditDefaults().AddStorage();
        await using var app = builder.Build();
        await app.Services.GetRequiredService<ILedgerDatabase>().PrepareAsync(CancellationToken.None);
        Console.WriteLine("The ledger is up to date.");
    }
}

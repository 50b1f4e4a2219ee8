using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace FlexEdit.Platform.Hosting;

/// <summary>Runs a process so that a wrong set-up ends with a sentence instead of a stack trace.</summary>
public static class HostRunner
{
    /// <summary>Exit code of a process that could not start.</summary>
    public const int CannotStart = 2;

    /// <summary>Builds and runs a host until it is told to stop. Returns the exit code: 0, or <see cref="CannotStart"/> after a line per fault on standard error.</summary>
    public static Task<int> RunToExitCodeAsync(Func<IHost> build) => DoToExitCodeAsync(async () =>
    {
        using var host = build();
        await host.RunAsync();
    });

    /// <summary>Does what ends by itself. Returns the exit code: 0, or <see cref="CannotStart"/> after a line per fault on standard error.</summary>
    public static async Task<int> DoToExitCodeAsync(Func<Task> work)
    {
        try
        {
            await work();
            return 0;
        }
        catch (Exception error) when (Explain(error) is { Count: > 0 } sentences)
        {
            foreach (var sentence in sentences)
                await Console.Error.WriteLineAsync(sentence);
            return CannotStart;
        }
    }

    /// <summary>The sentences to show for an exception of a start, or null when it is none that an operator can mend.</summary>
    public static IReadOnlyList<string>? Explain(Exception error) => error switch
    {
        StartupException => [error.Message],
        OptionsValidationException invalid => [.. invalid.Failures],
        AggregateException many when many.InnerExceptions.Select(Explain).ToArray() is var all && all.All(one => one is not null) =>
            [.. all.SelectMany(one => one!)],
        IOException { InnerException: AddressInUseException or SocketException } => [$"{error.Message} Choose another with --urls."],
        _ => null,
    };
}

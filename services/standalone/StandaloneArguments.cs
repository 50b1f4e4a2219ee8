using FlexEdit.Platform.Hosting;

namespace FlexEdit.Standalone;

/// <summary>What the command line of the all-in-one server says.</summary>
/// <param name="Urls">Addresses to listen on.</param>
/// <param name="Data">Folder of the ledger and the pictures, absolute.</param>
internal sealed record StandaloneArguments(string Urls, string Data)
{
    /// <summary>The help.</summary>
    public const string Text = """
        Usage: FlexEdit.Standalone [options]
        Runs all of FlexEdit in one process: the public API, the ledger, understanding and generation.

          --urls URL   address to listen on (http://127.0.0.1:8080)
          --data DIR   folder of the ledger and the pictures (data)
          --help       this text

        Every other setting is an environment variable FLEXEDIT__Section__Key.
        """;

    /// <summary>Reads the arguments, <c>--name value</c> or <c>--name=value</c>.</summary>
    /// <exception cref="StartupException">One is unknown or lacks its value.</exception>
    public static StandaloneArguments Parse(IReadOnlyList<string> args)
    {
        var parsed = new StandaloneArguments("http://127.0.0.1:8080", "data");
        for (var i = 0; i < args.Count; i++)
        {
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? args[i] : args[i][..equals];
            parsed = name switch
            {
                "--urls" => parsed with { Urls = Value() },
                "--data" => parsed with { Data = Value() },
                _ => throw new StartupException($"There is no option '{args[i]}'; see --help."),
            };

            string Value() =>
                equals >= 0 && equals + 1 < args[i].Length ? args[i][(equals + 1)..]
                : equals < 0 && i + 1 < args.Count ? args[++i]
                : throw new StartupException($"{name} wants a value; see --help.");
        }
        return parsed with { Data = Path.GetFullPath(parsed.Data) };
    }
}

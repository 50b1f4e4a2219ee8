using System.CommandLine;
using FlexEdit.Cli.Commands;
using FlexEdit.Evaluation.Running;

namespace FlexEdit.Cli.Benchmarks;

/// <summary>Opens what is evaluated.</summary>
internal static class EditorSource
{
    /// <summary>An editor.</summary>
    /// <param name="via"><c>api</c>, <c>inprocess</c>, <c>openai</c> or <c>replicate</c>.</param>
    /// <param name="model">A model's id or folder.</param>
    /// <param name="server">Where servers are.</param>
    /// <param name="parsed">The command line.</param>
    /// <exception cref="IOException">There is no such model folder.</exception>
    public static IPictureEditor Open(string via, string model, ServerOptions server, ParseResult parsed) => via switch
    {
        "inprocess" => LocalEditor.Open(Directory.Exists(model) ? model : BenchmarkSource.Above($"models/weights/{model}") ?? throw new IOException($"There is no model folder '{model}', nor models/weights/{model} above the program.")),
        "openai" => new OpenAiEditor(server.Http(parsed), model),
        "replicate" => new ReplicateEditor(server.Http(parsed), model),
        _ => new ApiEditor(server.Open(parsed), model),
    };
}

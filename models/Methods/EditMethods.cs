using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Methods.Parts;
using FlexEdit.Models.Methods.StableDiffusion;

namespace FlexEdit.Models.Methods;

/// <summary>The edit methods by the name that a model's card gives, each behind the same two interfaces.</summary>
public static class EditMethods
{
    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["flexedit", "instruct-pix2pix", "magicbrush"];

    /// <summary>Loads the painting half of a model folder.</summary>
    /// <exception cref="CheckpointException">The method is not known, or a file is missing, is not the one that the card names, or does not fit.</exception>
    public static IEditModel LoadEditModel(string path)
    {
        var folder = MethodFolder.Open(path);
        return folder.Method == "flexedit" ? ModelFolder.Open(path).LoadEditModel() : Painting(folder, new PartLoader());
    }

    /// <summary>Loads the reading half of a model folder.</summary>
    /// <exception cref="CheckpointException">The method is not known, or a file is missing, is not the one that the card names, or does not fit.</exception>
    public static IUnderstandingModel LoadUnderstanding(string path)
    {
        var folder = MethodFolder.Open(path);
        return folder.Method == "flexedit" ? ModelFolder.Open(path).LoadUnderstanding() : Reading(folder, new PartLoader());
    }

    /// <summary>Lets a reader go over every network of a folder once, whatever is wrong with one of them.</summary>
    /// <returns>What kept a network from being read, and what is wrong with the files beside them; empty for nothing.</returns>
    public static IReadOnlyList<string> ReadAll(MethodFolder folder, IPartReader reader)
    {
        var problems = new List<string>();
        Try(() =>
        {
            Require(folder);
            if (folder.Method == "flexedit")
            {
                TinyParts.ReadAll(folder, reader);
                return;
            }
            using var weights = StableDiffusionFolder.Open(folder);
            Try(() => weights.Unet(reader).Dispose());
            Try(() => weights.Autoencoder(reader).Dispose());
            Try(() => weights.TextEncoder(reader).Dispose());
            Try(() => weights.Tokenizer());
            Try(() => weights.Scheduler());
        });
        return problems;

        void Try(Action step)
        {
            try
            {
                step();
            }
            catch (CheckpointException problem)
            {
                problems.Add(problem.Message);
            }
        }
    }

    private static StableDiffusionEditModel Painting(MethodFolder folder, PartLoader loader)
    {
        Require(folder);
        using var weights = StableDiffusionFolder.Open(folder);
        var unet = weights.Unet(loader);
        // The reading half has the text encoder; painting needs it once, for the empty text.
        using var text = weights.TextEncoder(loader);
        var empty = ClipTextUnderstanding.Embed(text, weights.Tokenizer(), "");
        return new StableDiffusionEditModel(unet, weights.Autoencoder(loader), new TextConditioner(unet, empty), weights.Scheduler(), folder.Resolution);
    }

    private static ClipTextUnderstanding Reading(MethodFolder folder, PartLoader loader)
    {
        Require(folder);
        using var weights = StableDiffusionFolder.Open(folder);
        return new ClipTextUnderstanding(weights.TextEncoder(loader), weights.Tokenizer(), folder.Resolution);
    }

    private static void Require(MethodFolder folder)
    {
        if (!Names.Contains(folder.Method, StringComparer.Ordinal))
            throw new CheckpointException($"The card of '{folder.Path}' names the method '{folder.Method}'; known are {string.Join(", ", Names)}.");
    }
}

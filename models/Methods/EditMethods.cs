using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Methods.FullSize;
using FlexEdit.Models.Methods.Parts;
using FlexEdit.Models.Methods.SmartEdit;
using FlexEdit.Models.Methods.StableDiffusion;

namespace FlexEdit.Models.Methods;

/// <summary>The edit methods by the name that a model's card gives, each behind the same two interfaces.</summary>
public static class EditMethods
{
    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Tiny, FullSizeName, "instruct-pix2pix", "magicbrush", SmartEditName];

    private const string Tiny = "flexedit", FullSizeName = "flexedit-sd15", SmartEditName = "smartedit";

    /// <summary>Loads the painting half of a model folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="placement">Device and type where the configuration says them instead of the card.</param>
    /// <exception cref="CheckpointException">The method is not known, the device is not there, or a file is missing, is not the one that the card names, or does not fit.</exception>
    public static IEditModel LoadEditModel(string path, Placement? placement = null)
    {
        var (folder, loader) = Open(path, placement);
        switch (folder.Method)
        {
            case Tiny:
                return ModelFolder.Open(path).LoadEditModel();
            case FullSizeName:
                using (var full = FullSizeFolder.Open(folder))
                    return full.LoadEditModel(loader);
            case SmartEditName:
                using (var smart = SmartEditFolder.Open(folder))
                    return smart.LoadEditModel(loader);
            default:
                using (var weights = StableDiffusionFolder.Open(folder))
                    return Painting(folder, weights, loader);
        }
    }

    /// <summary>Loads the reading half of a model folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="placement">Device and type where the configuration says them instead of the card.</param>
    /// <exception cref="CheckpointException">The method is not known, the device is not there, or a file is missing, is not the one that the card names, or does not fit.</exception>
    public static IUnderstandingModel LoadUnderstanding(string path, Placement? placement = null)
    {
        var (folder, loader) = Open(path, placement);
        switch (folder.Method)
        {
            case Tiny:
                return ModelFolder.Open(path).LoadUnderstanding();
            case FullSizeName:
                using (var full = FullSizeFolder.Open(folder))
                    return full.LoadUnderstanding(loader);
            case SmartEditName:
                using (var smart = SmartEditFolder.Open(folder))
                    return smart.LoadUnderstanding(loader);
            default:
                using (var weights = StableDiffusionFolder.Open(folder))
                    return new ClipTextUnderstanding(weights.Texts(loader), folder.Resolution);
        }
    }

    /// <summary>Lets a reader go over every network of a folder once, whatever is wrong with one of them.</summary>
    /// <returns>What kept a network from being read, and what is wrong with the files beside them; empty for nothing.</returns>
    public static IReadOnlyList<string> ReadAll(MethodFolder folder, IPartReader reader)
    {
        var problems = new List<string>();
        Try(() =>
        {
            Require(folder);
            if (folder.Method == Tiny)
            {
                TinyParts.ReadAll(folder, reader);
                return;
            }
            if (folder.Method == FullSizeName)
            {
                using var full = FullSizeFolder.Open(folder);
                full.ReadAll(reader, Try);
                return;
            }
            if (folder.Method == SmartEditName)
            {
                using var smart = SmartEditFolder.Open(folder);
                smart.ReadAll(reader, Try);
                return;
            }
            using var weights = StableDiffusionFolder.Open(folder);
            Try(() => weights.Unet(reader).Dispose());
            Try(() => weights.Autoencoder(reader).Dispose());
            weights.ReadTexts(reader, Try);
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

    private static (MethodFolder Folder, PartLoader Loader) Open(string path, Placement? placement)
    {
        var folder = MethodFolder.Open(path, placement: placement);
        Require(folder);
        var device = folder.Device();
        if (folder.Method == Tiny && device.type != TorchSharp.DeviceType.CPU)
            throw new CheckpointException($"'{path}' is of the method '{Tiny}', which computes on the processor only; set its device to cpu.");
        return (folder, new PartLoader(device));
    }

    private static StableDiffusionEditModel Painting(MethodFolder folder, StableDiffusionFolder weights, PartLoader loader)
    {
        var unet = weights.Unet(loader);
        // The reading half has the text encoder; painting needs it once, for the empty text.
        using var texts = weights.Texts(loader);
        var empty = texts.Embed("");
        return new StableDiffusionEditModel(unet, weights.Autoencoder(loader), new TextConditioner(unet, empty), weights.Scheduler(), folder.Resolution);
    }

    private static void Require(MethodFolder folder)
    {
        if (!Names.Contains(folder.Method, StringComparer.Ordinal))
            throw new CheckpointException($"The card of '{folder.Path}' names the method '{folder.Method}'; known are {string.Join(", ", Names)}.");
    }
}

using System.CommandLine;
using FlexEdit.Models.Editing;
using FlexEdit.Training.Data;
using FlexEdit.Training.Editor;
using FlexEdit.Training.Evaluation;
using FlexEdit.Training.Joint;
using FlexEdit.Training.Packing;
using FlexEdit.Training.Reports;
using FlexEdit.Training.Understanding;
using FlexEdit.Training.World;

namespace FlexEdit.Training;

/// <summary>The command line of the trainer.</summary>
internal static class TrainingCommands
{
    private const int Side = 128;

    public static RootCommand Build()
    {
        var world = new Option<string>("--world") { Description = "Folder that training/assets/fetch filled.", DefaultValueFactory = _ => "artifacts/world" };
        var output = new Option<string>("--out") { Description = "Folder for checkpoints and reports.", DefaultValueFactory = _ => "artifacts/training" };
        var root = new RootCommand("Trains flexedit-tiny on the synthetic world.") { Sheet(world, output), Editor(world, output), Understanding(world, output), Align(world, output), Joint(output), DataReport(output), UnpackParquet(), Pack(world, output), Evaluate(world, output), Judges.JudgeCommands.Train(world, output), Judges.JudgeCommands.Measure(world, output), Benchmark.MiniCommand.Create(world) };
        return root;
    }

    private static Command Sheet(Option<string> world, Option<string> output)
    {
        var heldOut = new Option<bool>("--held-out") { Description = "Show the held-out part." };
        var command = new Command("sheet", "Writes a sheet of training examples: scene with mask, subject, target, whole mask.") { world, output, heldOut };
        command.SetAction(arguments =>
        {
            var catalog = new WorldCatalog(arguments.GetRequiredValue(world));
            Console.WriteLine($"{catalog.Objects.Count} objects ({catalog.Objects.Count(o => o.HeldOut)} held out, {catalog.Vocabulary.Names.Count} names), {catalog.Photos.Count} photographs ({catalog.Photos.Count(p => p.HeldOut)} held out)");
            var renderer = new EditRenderer(catalog, Side, seed: 1, EditMix.All, arguments.GetValue(heldOut));
            var sheet = new PictureSheet(Side, 12);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            for (var i = 0; i < 36; i++)
            {
                var sample = renderer.Render(i);
                Console.WriteLine($"{i,2} {EditSentences.NameOf(sample.Operation),-15} {sample.Instruction} -> {EditSentences.Answer(sample.Label)}");
                sheet.Add(MaskOverlay.Draw(sample.Scene, sample.Mask));
                sheet.Add(sample.Subject ?? new byte[Side * Side * 3]);
                sheet.Add(sample.Subject is null ? new byte[Side * Side * 3] : Collage.Paste(sample.Scene, sample.Subject, sample.SubjectAlpha, EditPlace.Of(sample.Mask, sample.FullMask, Side), Side));
                sheet.Add(sample.Target);
            }
            Console.WriteLine($"{clock.Elapsed.TotalMilliseconds / 36:F1} ms an example");
            sheet.Write(Path.Combine(arguments.GetRequiredValue(output), "world.png"));
        });
        return command;
    }

    private static Command Editor(Option<string> world, Option<string> output)
    {
        var minutes = new Option<double>("--minutes") { Description = "How long to train.", DefaultValueFactory = _ => 60 };
        var threads = new Option<int>("--threads") { Description = "Compute threads.", DefaultValueFactory = _ => 2 };
        var batch = new Option<int>("--batch") { Description = "Examples a step.", DefaultValueFactory = _ => 16 };
        var rate = new Option<double>("--rate") { Description = "Highest learning rate.", DefaultValueFactory = _ => 6e-4 };
        var resume = new Option<bool>("--resume") { Description = "Go on from the last checkpoint." };
        var method = Method();
        var from = new Option<string?>("--from") { Description = "Model folder to begin with, for example models/weights/flexedit-tiny; left out: random weights." };
        var beside = new Option<string?>("--beside") { Description = "Model folder whose autoencoder is taken, so that its reading half serves this network too." };
        var command = new Command("editor", "Trains the painting half.") { world, output, minutes, threads, batch, rate, resume, method, from, beside };
        command.SetAction(arguments => new TrainEditor(
            new TrainEditor.Settings
            {
                Config = EditorVariants.Of(arguments.GetRequiredValue(method)),
                From = arguments.GetValue(from),
                Beside = arguments.GetValue(beside),
                Loop = TrainEditor.Settings.In(arguments.GetRequiredValue(output)) with
                {
                    Minutes = arguments.GetValue(minutes),
                    Threads = arguments.GetValue(threads),
                    Batch = arguments.GetValue(batch),
                    Rate = arguments.GetValue(rate),
                    Resume = arguments.GetValue(resume),
                    WarmUp = arguments.GetValue(from) is null ? 300 : TrainEditor.Settings.ShortWarmUp,
                },
            },
            new WorldCatalog(arguments.GetRequiredValue(world))).Run());
        return command;
    }

    private static Command Understanding(Option<string> world, Option<string> output)
    {
        var minutes = new Option<double>("--minutes") { Description = "How long to train.", DefaultValueFactory = _ => 60 };
        var threads = new Option<int>("--threads") { Description = "Compute threads.", DefaultValueFactory = _ => 2 };
        var resume = new Option<bool>("--resume") { Description = "Go on from the last checkpoint." };
        var names = new Option<double>("--names-share") { Description = "Share of the run in which only the vision tower learns names.", DefaultValueFactory = _ => 0.35 };
        var rate = new Option<double>("--rate") { Description = "Highest learning rate.", DefaultValueFactory = _ => 6e-4 };
        var from = new Option<string?>("--from") { Description = "Model folder to begin with, for example models/weights/flexedit-tiny; left out: random weights." };
        var marks = new Option<TrainingMarks>("--marks") { Description = "How the masks are drawn: uniform, fitted (as people draw) or both.", DefaultValueFactory = _ => TrainingMarks.Both };
        var command = new Command("understanding", "Trains the reading half.") { world, output, minutes, threads, resume, names, rate, from, marks };
        command.SetAction(arguments => new TrainUnderstanding(
            new TrainUnderstanding.Settings
            {
                Loop = TrainUnderstanding.Settings.In(arguments.GetRequiredValue(output)) with
                {
                    Minutes = arguments.GetValue(minutes),
                    Threads = arguments.GetValue(threads),
                    Rate = arguments.GetValue(rate),
                    Resume = arguments.GetValue(resume),
                },
                NamesShare = arguments.GetValue(names),
                From = arguments.GetValue(from),
                Marks = arguments.GetValue(marks),
            },
            new WorldCatalog(arguments.GetRequiredValue(world))).Run());
        return command;
    }

    private static Option<string> Method()
    {
        var method = new Option<string>("--method") { Description = "What the network sees: FlexEdit's design, one of the ablations, or another method's idea.", DefaultValueFactory = _ => EditorVariants.Ours };
        method.AcceptOnlyFromAmong([.. EditorVariants.Names]);
        return method;
    }

    private static Command Joint(Option<string> output)
    {
        var data = Data();
        var from = new Option<string>("--from") { Description = "Model folder to begin with.", DefaultValueFactory = _ => "models/weights/flexedit-tiny" };
        var minutes = new Option<double>("--minutes") { Description = "How long to train, earlier parts of the run included.", DefaultValueFactory = _ => 60 };
        var steps = new Option<long?>("--steps") { Description = "Steps instead of minutes." };
        var threads = new Option<int>("--threads") { Description = "Compute threads.", DefaultValueFactory = _ => 2 };
        var resume = new Option<bool>("--resume") { Description = "Go on from the last checkpoint." };
        var command = new Command("joint", "Trains both halves together on a mix of data sets, the language model by low-rank updates.") { data, output, from, minutes, steps, threads, resume };
        command.SetAction(arguments => new TrainJoint(
            new TrainJoint.Settings
            {
                From = arguments.GetRequiredValue(from),
                Loop = TrainJoint.Settings.In(arguments.GetRequiredValue(output)) with
                {
                    Minutes = arguments.GetValue(minutes),
                    Steps = arguments.GetValue(steps),
                    Threads = arguments.GetValue(threads),
                    Resume = arguments.GetValue(resume),
                },
            },
            Mix(arguments.GetRequiredValue(data))).Run());
        return command;
    }

    private static Command DataReport(Option<string> output)
    {
        var data = Data();
        var examples = new Option<int>("--examples") { Description = "How many examples of the mix are looked at.", DefaultValueFactory = _ => 1000 };
        var command = new Command("data", "Writes a page about a mix of data sets: data.html.") { data, output, examples };
        command.SetAction(arguments => Console.WriteLine(Training.Data.DataReport.Write(Mix(arguments.GetRequiredValue(data)), arguments.GetRequiredValue(output), Side, arguments.GetValue(examples))));
        return command;
    }

    private static Command UnpackParquet()
    {
        var kind = new Argument<string>("kind") { Description = "magicbrush or instructpix2pix." };
        kind.AcceptOnlyFromAmong("magicbrush", "instructpix2pix");
        var files = new Argument<string[]>("files") { Description = "The Parquet files, in order.", Arity = ArgumentArity.OneOrMore };
        var to = new Option<string>("--to") { Description = "Folder to write.", Required = true };
        var command = new Command("unpack", "Turns published Parquet files into the folder that is trained on.") { kind, files, to };
        command.SetAction(async (arguments, _) =>
        {
            var (from, folder) = (arguments.GetRequiredValue(files), arguments.GetRequiredValue(to));
            var count = arguments.GetRequiredValue(kind) == "magicbrush" ? await Unpack.MagicBrushAsync(from, folder) : await Unpack.InstructPix2PixAsync(from, folder);
            Console.WriteLine($"{count} edits in {folder}");
        });
        return command;
    }

    private static Option<string[]> Data() => new("--data") { Description = DataSetOption.Help, DefaultValueFactory = _ => ["world:artifacts/world"], AllowMultipleArgumentsPerToken = true };

    private static DataMix Mix(string[] data) => new(DataSetOption.Open(data, Side, TrainingMarks.Both, seed: 51), seed: 51);

    private static Command Align(Option<string> world, Option<string> output)
    {
        var minutes = new Option<double>("--minutes") { Description = "How long to train.", DefaultValueFactory = _ => 8 };
        var threads = new Option<int>("--threads") { Description = "Compute threads.", DefaultValueFactory = _ => 2 };
        var command = new Command("align", "Aligns the Q-Former to the painting half's tokens.") { world, output, minutes, threads };
        command.SetAction(arguments => new AlignQFormer(
            arguments.GetRequiredValue(output), arguments.GetValue(minutes), arguments.GetValue(threads), new WorldCatalog(arguments.GetRequiredValue(world))).Run());
        return command;
    }

    private static Command Pack(Option<string> world, Option<string> output)
    {
        var target = new Option<string>("--model") { Description = "The model folder to write.", DefaultValueFactory = _ => "models/weights/flexedit-tiny" };
        var temperature = new Option<double>("--label-temperature") { Description = "Calibration of the label's probability.", DefaultValueFactory = _ => 1 };
        var method = Method();
        var command = new Command("pack", "Writes the trained parts as a model folder.") { world, output, target, temperature, method };
        command.SetAction(arguments => PackModel.Run(
            arguments.GetRequiredValue(output), arguments.GetRequiredValue(target), new WorldCatalog(arguments.GetRequiredValue(world)), arguments.GetValue(temperature), arguments.GetRequiredValue(method)));
        return command;
    }

    private static Command Evaluate(Option<string> world, Option<string> output)
    {
        var model = new Option<string>("--model") { Description = "The model folder.", DefaultValueFactory = _ => "models/weights/flexedit-tiny" };
        var objects = new Option<int>("--objects") { Description = "Marked objects to read.", DefaultValueFactory = _ => 400 };
        var edits = new Option<int>("--edits") { Description = "Edits of each operation.", DefaultValueFactory = _ => 24 };
        var steps = new Option<int>("--steps") { Description = "Sampling steps of an edit.", DefaultValueFactory = _ => 4 };
        var write = new Option<bool>("--write") { Description = "Write the figures into the model's card." };
        var command = new Command("evaluate", "Measures a packed model on held-out photographs.") { world, output, model, objects, edits, steps, write };
        command.SetAction(arguments => new EvaluateModel(
            arguments.GetRequiredValue(model), new WorldCatalog(arguments.GetRequiredValue(world)), Path.Combine(arguments.GetRequiredValue(output), "evaluation.jpg"))
            .Run(arguments.GetValue(objects), arguments.GetValue(edits), arguments.GetValue(steps), arguments.GetValue(write)));
        return command;
    }
}

using System.CommandLine;
using FlexEdit.Training.World;

namespace FlexEdit.Training.Judges;

/// <summary>The trainer's commands for the judges of <c>flexedit bench fsmi</c>.</summary>
internal static class JudgeCommands
{
    /// <summary><c>judge NAME</c>.</summary>
    public static Command Train(Option<string> world, Option<string> output)
    {
        var name = new Argument<string>("name") { Description = "judge-clip or judge-dino." };
        name.AcceptOnlyFromAmong("judge-clip", "judge-dino");
        var minutes = new Option<double>("--minutes") { Description = "How long to train.", DefaultValueFactory = _ => 60 };
        var threads = new Option<int>("--threads") { Description = "Compute threads.", DefaultValueFactory = _ => 1 };
        var resume = new Option<bool>("--resume") { Description = "Go on from the last checkpoint." };
        var command = new Command("judge", "Trains a judge of the benchmark.") { name, world, output, minutes, threads, resume };
        command.SetAction(arguments =>
        {
            var run = new JudgeRun { Folder = arguments.GetRequiredValue(output), Minutes = arguments.GetValue(minutes), Threads = arguments.GetValue(threads), Resume = arguments.GetValue(resume) };
            var catalog = new WorldCatalog(arguments.GetRequiredValue(world), benchmarkNames: true);
            if (arguments.GetRequiredValue(name) == "judge-clip")
                new TrainJudgeClip(run, catalog).Run();
            else
                new TrainJudgeDino(run, catalog).Run();
        });
        return command;
    }

    /// <summary><c>judges</c>.</summary>
    public static Command Measure(Option<string> world, Option<string> output)
    {
        var target = new Option<string>("--judges") { Description = "Folder of the judges that the benchmark reads.", DefaultValueFactory = _ => "evaluation/judges" };
        var command = new Command("judges", "Measures the trained judges on held-out photographs and packs them.") { world, output, target };
        command.SetAction(arguments => new MeasureJudges(new WorldCatalog(arguments.GetRequiredValue(world), benchmarkNames: true), arguments.GetRequiredValue(output), arguments.GetRequiredValue(target)).Run());
        return command;
    }
}

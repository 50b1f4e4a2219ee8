using FlexEdit.Platform.Children;

namespace FlexEdit.Screening.Child;

/// <summary>
/// The program that the classifier's child process runs. Every program that may be a worker asks first thing:
/// <c>if (ScreenWorker.IsRequested(args)) return await ScreenWorker.RunAsync(args);</c>
/// </summary>
public static class ScreenWorker
{
    /// <summary>The first argument of the child.</summary>
    public const string Verb = "screen-worker";

    /// <summary>Whether this process was started as a child.</summary>
    public static bool IsRequested(IReadOnlyList<string> args) => args.Count > 0 && args[0] == Verb;

    /// <summary>Works until the input ends. <paramref name="args"/>: the verb and the memory limit in MiB.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        Classifier? classifier = null;
        try
        {
            return await ChildLoop.RunAsync<ScreenRequest, ScreenAnswer>(args, static () => { }, request => Answer(request, ref classifier));
        }
        finally
        {
            classifier?.Dispose();
        }
    }

    private static ScreenAnswer Answer(ScreenRequest request, ref Classifier? classifier)
    {
        try
        {
            if (request.Open is not { } card)
                return new ScreenAnswer { Score = (classifier ?? throw new ClassifierException("No classifier is open")).Score(request.Rgb) };
            classifier?.Dispose();
            classifier = null;
            classifier = new Classifier(card);
            return new ScreenAnswer();
        }
        catch (Exception problem) when (problem is ClassifierException or OutOfMemoryException)
        {
            return new ScreenAnswer { Fault = problem is OutOfMemoryException ? "The classifier needs more memory than FLEXEDIT__Content__MemoryMegabytes" : problem.Message };
        }
    }
}

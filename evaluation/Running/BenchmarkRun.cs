using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Masks;
using FlexEdit.Masks.Rle;

namespace FlexEdit.Evaluation.Running;

/// <summary>Runs editors over a benchmark and keeps every result in a folder: what is there with the same inputs is not run again.</summary>
/// <param name="set">The cases.</param>
/// <param name="folder">Where results are kept, in <c>EDITOR/MASKS/CASE.png</c> and <c>.json</c>.</param>
public sealed class BenchmarkRun(BenchmarkSet set, string folder)
{
    /// <summary>The precise masks.</summary>
    public const string FullMasks = "full";

    /// <summary>The free-shape masks.</summary>
    public const string FreeMasks = "free";

    /// <summary>Where an editor's picture of a case is kept.</summary>
    public string PicturePath(string editor, string masks, string id) => Path.Combine(folder, FolderName(editor), masks, id + ".png");

    /// <summary>Runs what is missing.</summary>
    /// <param name="editor">Who edits.</param>
    /// <param name="masks"><see cref="FullMasks"/> or <see cref="FreeMasks"/>.</param>
    /// <param name="report">Told after each case: done, of how many, whether it was there already, and the error if there was one.</param>
    /// <param name="cancellationToken">Stops after the case in hand; what is done stays.</param>
    public async Task RunAsync(IPictureEditor editor, string masks, Action<int, int, bool, string?> report, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.Combine(folder, FolderName(editor.Name), masks));
        foreach (var (index, one) in set.Cases.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var pictures = one.Open();
            var mask = masks == FullMasks ? pictures.Full : pictures.Free;
            var inputs = DigestOf(one.Case, pictures, mask);
            var path = PicturePath(editor.Name, masks, one.Case.Id);
            var record = EditRecord.Read(Path.ChangeExtension(path, ".json"));
            var there = record is { Error: null } && record.Inputs == inputs && File.Exists(path);
            if (!there)
                record = await EditAsync(editor, one.Case, pictures, mask, inputs, path, cancellationToken);
            report(index + 1, set.Cases.Count, there, record!.Error);
        }
    }

    /// <summary>A result that was kept; a failed edit's picture is the scene.</summary>
    /// <exception cref="IOException">The case was not run.</exception>
    public (EditOutcome Outcome, EditRecord Record) Load(string editor, string masks, EvaluationCase read, CasePictures pictures)
    {
        var path = PicturePath(editor, masks, read.Id);
        var record = EditRecord.Read(Path.ChangeExtension(path, ".json")) ?? throw new IOException($"Case {read.Id} was not run by {editor} with {masks} masks.");
        var picture = record.Error is null ? PictureDecoder.DecodeFile(path).Pixels.WithoutAlpha() : pictures.Scene;
        return (new EditOutcome(picture, record.Reading(pictures.Scene.Width, pictures.Scene.Height)), record);
    }

    private static async Task<EditRecord> EditAsync(
        IPictureEditor editor, EvaluationCase read, CasePictures pictures, Mask mask, string inputs, string path, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.GetTimestamp();
        EditRecord record;
        try
        {
            var outcome = await editor.EditAsync(read, pictures, mask, cancellationToken);
            var picture = outcome.Picture;
            // Some servers answer in sizes of their own.
            if (picture.Width != pictures.Scene.Width || picture.Height != pictures.Scene.Height)
                picture = PictureResize.To(picture, pictures.Scene.Width, pictures.Scene.Height);
            await File.WriteAllBytesAsync(path, PictureEncoder.Png(picture), cancellationToken);
            record = new EditRecord
            {
                Inputs = inputs,
                Seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds,
                Label = outcome.Reading?.Label,
                Confidence = outcome.Reading?.Confidence ?? 0,
                Ambiguous = outcome.Reading?.Ambiguous ?? false,
                FullMask = outcome.Reading?.FullMask is { } full ? CocoRle.Compress(CocoRle.Encode(full)) : null,
            };
        }
        catch (EditFailedException problem)
        {
            record = new EditRecord { Inputs = inputs, Seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds, Error = problem.Message };
        }
        record.Write(Path.ChangeExtension(path, ".json"));
        return record;
    }

    private static string FolderName(string editor) => string.Concat(editor.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));

    private static string DigestOf(EvaluationCase read, CasePictures pictures, Mask mask)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(pictures.Scene.Pixels);
        hash.AppendData(mask.Pixels);
        hash.AppendData(pictures.SubjectFile ?? []);
        hash.AppendData(Encoding.UTF8.GetBytes($"{read.Instruction}\n{read.Seed}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

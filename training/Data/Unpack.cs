using System.Text.Json;
using System.Text.Json.Serialization;
using Parquet;
using Parquet.Serialization;

namespace FlexEdit.Training.Data;

/// <summary>
/// Turns the Parquet files in which MagicBrush and InstructPix2Pix are published on Hugging Face into the folders in which their authors distribute them, which is what
/// the readers read: a shuffled run asks for single pictures, and a Parquet file gives a hundred at once.
/// </summary>
public static class Unpack
{

    /// <summary>MagicBrush: columns <c>img_id, turn_index, source_img, mask_img, instruction, target_img</c>.</summary>
    /// <param name="files">Files, in order.</param>
    /// <param name="folder">Where <c>edit_turns.json</c> and <c>images/</c> go.</param>
    /// <returns>Number of turns.</returns>
    /// <exception cref="FormatException">A file is none of this data set.</exception>
    public static async Task<int> MagicBrushAsync(IReadOnlyList<string> files, string folder)
    {
        List<object> turns = [];
        await foreach (var row in ReadAsync<MagicBrushRow>(files))
        {
            var (id, turn) = (row.ImgId, row.TurnIndex);
            // The first turn begins with the photograph, every other one with what the one before gave.
            var input = turn == 1 ? $"{id}-input.png" : $"{id}-output{turn - 1}.png";
            var (mask, output) = ($"{id}-mask{turn}.png", $"{id}-output{turn}.png");
            var images = Path.Combine(folder, "images", id);
            Directory.CreateDirectory(images);
            await File.WriteAllBytesAsync(Path.Combine(images, input), Bytes(row.SourceImg, $"turn {turn} of {id}, source_img"));
            await File.WriteAllBytesAsync(Path.Combine(images, mask), Bytes(row.MaskImg, $"turn {turn} of {id}, mask_img"));
            await File.WriteAllBytesAsync(Path.Combine(images, output), Bytes(row.TargetImg, $"turn {turn} of {id}, target_img"));
            turns.Add(new { input, mask, output, instruction = row.Instruction });
        }
        await File.WriteAllTextAsync(Path.Combine(folder, "edit_turns.json"), JsonSerializer.Serialize(turns));
        return turns.Count;
    }

    /// <summary>InstructPix2Pix, filtered by CLIP: columns <c>original_prompt, original_image, edit_prompt, edited_prompt, edited_image</c>.</summary>
    /// <param name="files">Files, in order.</param>
    /// <param name="folder">Where <c>seeds.json</c> and the numbered folders go.</param>
    /// <returns>Number of pairs.</returns>
    /// <exception cref="FormatException">A file is none of this data set.</exception>
    public static async Task<int> InstructPix2PixAsync(IReadOnlyList<string> files, string folder)
    {
        List<object[]> seeds = [];
        await foreach (var row in ReadAsync<InstructPix2PixRow>(files))
        {
            var name = $"{seeds.Count:d7}";
            var at = Path.Combine(folder, name);
            Directory.CreateDirectory(at);
            await File.WriteAllBytesAsync(Path.Combine(at, "0_0.jpg"), Bytes(row.OriginalImage, $"pair {seeds.Count}, original_image"));
            await File.WriteAllBytesAsync(Path.Combine(at, "0_1.jpg"), Bytes(row.EditedImage, $"pair {seeds.Count}, edited_image"));
            await File.WriteAllTextAsync(Path.Combine(at, "prompt.json"), JsonSerializer.Serialize(new { caption = row.OriginalPrompt, edit = row.EditPrompt, output = row.EditedPrompt }));
            seeds.Add([name, new[] { "0" }]);
        }
        await File.WriteAllTextAsync(Path.Combine(folder, "seeds.json"), JsonSerializer.Serialize(seeds));
        return seeds.Count;
    }

    private static async IAsyncEnumerable<T> ReadAsync<T>(IReadOnlyList<string> files)
        where T : class, new()
    {
        foreach (var path in files)
        {
            await using var stream = File.OpenRead(path);
            int groups;
            try
            {
                await using var reader = await ParquetReader.CreateAsync(stream, leaveStreamOpen: true);
                groups = reader.RowGroupCount;
            }
            catch (Exception problem) when (problem is IOException or ParquetException)
            {
                throw new FormatException($"{path} is no Parquet file: {problem.Message}", problem);
            }
            for (var group = 0; group < groups; group++)
            {
                stream.Position = 0;
                foreach (var row in await GroupAsync<T>(stream, path, group))
                    yield return row;
            }
        }
    }

    private static async Task<IEnumerable<T>> GroupAsync<T>(Stream stream, string path, int group)
        where T : class, new()
    {
        try
        {
            return (await ParquetSerializer.DeserializeAsync<T>(stream, null, group)).Data;
        }
        catch (Exception problem) when (problem is ParquetException or InvalidDataException or InvalidCastException)
        {
            throw new FormatException($"{path} has not the columns of this data set: {problem.Message}", problem);
        }
    }

    private static byte[] Bytes(HuggingFaceImage? image, string where) =>
        image?.Bytes is { Length: > 0 } bytes ? bytes : throw new FormatException($"The picture of {where} is empty.");
}

/// <summary>A picture in a column: the file's bytes and its name.</summary>
public sealed class HuggingFaceImage
{
    /// <summary>The file.</summary>
    [JsonPropertyName("bytes")]
    public byte[]? Bytes { get; set; }

    /// <summary>Its name.</summary>
    [JsonPropertyName("path")]
    public string? Path { get; set; }
}

/// <summary>A row of MagicBrush.</summary>
public sealed class MagicBrushRow
{
    /// <summary>The picture's number.</summary>
    [JsonPropertyName("img_id")]
    public string ImgId { get; set; } = "";

    /// <summary>From 1.</summary>
    [JsonPropertyName("turn_index")]
    public int TurnIndex { get; set; }

    /// <summary>Before the edit.</summary>
    [JsonPropertyName("source_img")]
    public HuggingFaceImage? SourceImg { get; set; }

    /// <summary>Before the edit, with a transparent hole.</summary>
    [JsonPropertyName("mask_img")]
    public HuggingFaceImage? MaskImg { get; set; }

    /// <summary>What was asked for.</summary>
    [JsonPropertyName("instruction")]
    public string Instruction { get; set; } = "";

    /// <summary>After the edit.</summary>
    [JsonPropertyName("target_img")]
    public HuggingFaceImage? TargetImg { get; set; }
}

/// <summary>A row of InstructPix2Pix.</summary>
public sealed class InstructPix2PixRow
{
    /// <summary>What the picture shows before.</summary>
    [JsonPropertyName("original_prompt")]
    public string OriginalPrompt { get; set; } = "";

    /// <summary>Before the edit.</summary>
    [JsonPropertyName("original_image")]
    public HuggingFaceImage? OriginalImage { get; set; }

    /// <summary>What was asked for.</summary>
    [JsonPropertyName("edit_prompt")]
    public string EditPrompt { get; set; } = "";

    /// <summary>What the picture shows after.</summary>
    [JsonPropertyName("edited_prompt")]
    public string EditedPrompt { get; set; } = "";

    /// <summary>After the edit.</summary>
    [JsonPropertyName("edited_image")]
    public HuggingFaceImage? EditedImage { get; set; }
}

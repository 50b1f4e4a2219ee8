using FlexEdit.Contracts.Errors;

namespace FlexEdit.ApiDocument.Operations;

/// <summary>The pictures of an edit.</summary>
internal static class PictureOperations
{
    private static readonly Parameter s_index = new("index", "path", "Index of the result, from 0.", """{"type":"string"}""", "0");
    private static readonly Content[] s_png = [new("image/png")];

    public static IReadOnlyList<Operation> All { get; } =
    [
        Picture("/v1/edits/{id}/outputs/{index}", "getOutput", "A result", "The picture.", [s_index], [new("image/png"), new("image/jpeg"), new("image/webp")]),
        Picture("/v1/edits/{id}/outputs/{index}/edited-mask", "getEditedMask", "The pixels that changed", "White where a pixel differs from the upright scene.", [s_index], s_png),
        Picture("/v1/edits/{id}/full-mask", "getFullMask", "The predicted full mask", "What the model takes to be meant by the rough mask.", [], s_png),
        Picture("/v1/edits/{id}/preview", "getPreview", "The newest preview", "A small picture of the result as it forms; previews may be lost.", [], [new("image/jpeg")]),
        Picture("/v1/edits/{id}/inputs/{name}", "getInput", "An input as it was read", "Upright, 8-bit sRGB: the reference for everything after.",
            [new("name", "path", "`scene`, `mask` or `subject`.", """{"type":"string"}""", "scene")], s_png),
    ];

    private static Operation Picture(string path, string id, string summary, string description, Parameter[] parameters, Content[] types) =>
        new("GET", path, id, "pictures", summary)
        {
            Description = description,
            Parameters =
            [
                EditOperations.Id, .. parameters,
                new("redirect", "query", "`true`: answer with a link to the object store where it has such links.", """{"type":"string"}""", "true"),
                new("Range", "header", "A part of the picture (RFC 9110).", """{"type":"string"}""", "bytes=0-1023"),
                new("If-None-Match", "header", "An ETag: 304 while the picture is the same.", """{"type":"string"}""", "\"0f3c\""),
                new("If-Match", "header", "An ETag: 412 where the picture is another one.", """{"type":"string"}""", "\"0f3c\""),
            ],
            Answers =
            [
                new(200, "The picture.") { Body = types, Headers = [("ETag", "Validator of the picture."), ("Accept-Ranges", "`bytes`.")] },
                new(206, "The part that was asked for.") { Body = types, Headers = [("Content-Range", "Which part it is.")] },
                new(302, "Where it is to be had.") { Headers = [("Location", "A link that ends soon.")] },
                new(304, "The picture is the same as before."),
            ],
            Errors = [.. EditOperations.Missing, (412, ErrorCodes.Malformed), (416, ErrorCodes.Malformed)],
        };
}

using FlexEdit.ApiDocument.Schemas;
using FlexEdit.Contracts.Assets;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Masks;

namespace FlexEdit.ApiDocument.Operations;

/// <summary>Uploaded pictures, and masks before they are used.</summary>
internal static class AssetOperations
{
    private static readonly Parameter s_id = new("id", "path", "Id of the asset.", """{"type":"string"}""", "ast_06b3x4f0yz8n7k2m5q9r1s3t5v");
    private static readonly Content s_asset = new("application/json", schemas => schemas.Of<AssetView>());
    private static readonly (string, string) s_location = ("Location", "Path of the asset.");

    private const string Inspection = """
        {
          "scene": "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAWklEQVR42u3VsQnAMBBDUQ2m/clYrgxpDoSFIZCvXq86y3rKCAAAAAAgA7xzBvidA8COBIX9UVDanwTF/UG4BNixAADw5VPuX2O/B/0i9ZvYrzJfGwAAwO+ABaL+kapylXBZAAAAAElFTkSuQmCC",
          "mask_shapes": [ { "type": "circle", "cx": 32, "cy": 32, "r": 14 } ]
        }
        """;

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/v1/assets", "uploadAsset", "assets", "Upload a picture")
        {
            Description =
                "Upload once, use in many edits: the id stands for the picture as `scene`, `mask` or `subject`. The same bytes again are the same asset. "
                + "An asset is kept until `expires_at`, which every edit that uses it moves ahead.",
            Body =
            [
                new("multipart/form-data", OtherSchemas.UploadForm), new("application/json", OtherSchemas.UploadJson), new("image/png"), new("image/jpeg"), new("image/webp"),
            ],
            Answers =
            [
                new(200, "There was an asset with these bytes; it is kept longer.") { Body = [s_asset], Headers = [s_location] },
                new(201, "The new asset.") { Body = [s_asset], Headers = [s_location] },
            ],
            Errors =
            [
                (413, ErrorCodes.ImageTooLarge), (415, ErrorCodes.UnsupportedImage), (422, ErrorCodes.InvalidImage), (422, ErrorCodes.AnimatedImage), (422, ErrorCodes.UnknownAsset), (422, ErrorCodes.InvalidUrl), (422, ErrorCodes.UrlFetchFailed), (422, ErrorCodes.UnknownField),
            ],
        },
        new("GET", "/v1/assets", "listAssets", "assets", "List assets")
        {
            Description = "Newest first, in pages. What edits were sent is among them; without `expires_at` it goes with the last edit that uses it.",
            Parameters =
            [
                new("after", "query", "The `next` of an earlier page.", """{"type":"string"}""", "ast_06b3x4f0yz8n7k2m5q9r1s3t5v"),
                new("limit", "query", "Most assets of a page.", """{"type":"integer","minimum":1,"maximum":100,"default":20}""", 20),
            ],
            Answers = [new(200, "A page.") { Body = [new("application/json", OtherSchemas.AssetList)] }],
        },
        new("GET", "/v1/assets/{id}", "getAsset", "assets", "Read an asset")
        {
            Description = "What is known of the picture.",
            Parameters = [s_id],
            Answers = [new(200, "The asset.") { Body = [s_asset] }],
            Errors = [(404, ErrorCodes.NotFound)],
        },
        new("DELETE", "/v1/assets/{id}", "deleteAsset", "assets", "Remove an asset")
        {
            Description = "The asset is gone at once, and no new edit can use it. Its bytes go with it, or, where edits use them, with the last of those.",
            Parameters = [s_id],
            Answers = [new(204, "It is removed.")],
            Errors = [(404, ErrorCodes.NotFound)],
        },
        new("POST", "/v1/masks:inspect", "inspectMask", "assets", "Inspect a mask")
        {
            Description = "What an edit would take a mask for: how it is read, how much and where it marks, and a small picture of both. Makes no job and stores nothing. A mask that marks nothing is a warning here.",
            Body = [new("multipart/form-data", EditRequestSchema.InspectionForm), new("application/json", EditRequestSchema.InspectionJson, Inspection)],
            Answers = [new(200, "The inspection.") { Body = [new("application/json", schemas => schemas.Of<MaskInspectionView>())] }],
            Errors =
            [
                (413, ErrorCodes.ImageTooLarge), (415, ErrorCodes.UnsupportedImage),
                .. new[]
                {
                    ErrorCodes.SceneRequired, ErrorCodes.MaskRequired, ErrorCodes.MaskInvalid, ErrorCodes.MaskSizeMismatch, ErrorCodes.InvalidImage, ErrorCodes.AnimatedImage,
                    ErrorCodes.UnknownAsset, ErrorCodes.InvalidUrl, ErrorCodes.UrlFetchFailed, ErrorCodes.OptionOutOfRange, ErrorCodes.UnknownField,
                }.Select(code => (422, code)),
            ],
        },
    ];
}

using System.Text.Json.Nodes;
using FlexEdit.Contracts.Models;
using FlexEdit.Gateway.Edits.SubmitEdit;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary>What a model takes and gives, as Replicate describes models: an OpenAPI document with the schemas <c>Input</c> and <c>Output</c>.</summary>
internal static class InputSchema
{
    public static JsonObject Of(ModelCard card)
    {
        var inputs = new JsonObject();
        Add(ReplicateFields.Image, Picture("The picture to edit."));
        Add(FieldNames.Mask, Picture("A rough mask of its size: what is white is edited, or, where it has transparency, what is transparent. Without one the whole picture is."));
        Add(ReplicateFields.Prompt, new JsonObject { ["type"] = "string", ["description"] = "What is to happen at the mask; may say [pic1] and [pic2]." });
        Add(FieldNames.Subject, Picture("A picture of what is to be put there."));
        Add(ReplicateFields.Outputs, Number("integer", "Results wanted.", 1, 4, 1));
        Add(FieldNames.Seed, new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = uint.MaxValue, ["description"] = "First seed; drawn where none is given." });
        Option(ReplicateFields.InferenceSteps, FieldNames.Steps, "integer", "Sampler steps.", card.Defaults.Steps);
        Option(FieldNames.GuidanceScale, FieldNames.GuidanceScale, "number", "How much the prompt counts.", card.Defaults.GuidanceScale);
        Option(FieldNames.ImageGuidanceScale, FieldNames.ImageGuidanceScale, "number", "How much the picture counts.", card.Defaults.ImageGuidanceScale);
        Option(FieldNames.SubjectScale, FieldNames.SubjectScale, "number", "How much the subject counts.", card.Defaults.SubjectScale);
        Add(FieldNames.Background, Choice("Whether pixels outside of the edited region stay as they are.", ReadOptions.Backgrounds));
        Add(FieldNames.Profile, Choice("exact, or approximate and faster.", card.Profiles));
        Add(FieldNames.OutputFormat, Choice("Format of the results.", ReadOptions.Formats));
        return new JsonObject
        {
            ["openapi"] = "3.0.2",
            ["info"] = new JsonObject { ["title"] = card.Id, ["version"] = "1.0" },
            ["paths"] = new JsonObject(),
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject
                {
                    ["Input"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["title"] = "Input",
                        ["required"] = new JsonArray(ReplicateFields.Image, ReplicateFields.Prompt),
                        ["properties"] = inputs,
                    },
                    ["Output"] = new JsonObject { ["type"] = "array", ["title"] = "Output", ["items"] = new JsonObject { ["type"] = "string", ["format"] = "uri" } },
                },
            },
        };

        void Add(string name, JsonObject schema)
        {
            schema["title"] = name;
            schema["x-order"] = inputs.Count;
            inputs[name] = schema;
        }

        void Option(string name, string option, string type, string description, double value)
        {
            if (card.Ranges.TryGetValue(option, out var range) && range.Count == 2)
                Add(name, Number(type, description, range[0], range[1], value));
        }
    }

    private static JsonObject Picture(string description) => new() { ["type"] = "string", ["format"] = "uri", ["description"] = description };

    private static JsonObject Number(string type, string description, double least, double greatest, double value) =>
        new() { ["type"] = type, ["description"] = description, ["minimum"] = least, ["maximum"] = greatest, ["default"] = value };

    private static JsonObject Choice(string description, IReadOnlyList<string> words) =>
        new() { ["type"] = "string", ["description"] = description, ["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]), ["default"] = words[0] };
}

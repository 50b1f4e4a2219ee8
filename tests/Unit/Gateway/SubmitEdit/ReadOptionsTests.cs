using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Platform.Problems;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.SubmitEdit;

public class ReadOptionsTests
{
    [Fact]
    public void Takes_the_cards_defaults_for_what_is_not_given()
    {
        var options = ReadOptions.Run(Fields(), Cards.Card, hasSubject: true);
        (options.N, options.Steps, options.GuidanceScale, options.ImageGuidanceScale, options.SubjectScale).ShouldBe((1, 8, 2, 1.5, 1));
        (options.Background, options.OutputFormat, options.Profile, options.PauseAfter).ShouldBe(("preserve", "png", "exact", null));
    }

    [Fact]
    public void Takes_what_is_given_from_forms_and_from_JSON()
    {
        foreach (var (text, number) in new[] { (FieldSource.Form, FieldSource.Form), (FieldSource.JsonString, FieldSource.JsonNumber) })
        {
            var options = ReadOptions.Run(
                Fields(("n", "4", number), ("seed", "4294967292", number), ("steps", "5e1", number), ("guidance_scale", "0", number), ("image_guidance_scale", "9.75", number),
                    ("subject_scale", "0.5", number), ("background", "free", text), ("output_format", "webp", text), ("profile", "exact", text)),
                Cards.Card, hasSubject: true);
            (options.N, options.Seed, options.Steps, options.GuidanceScale, options.ImageGuidanceScale, options.SubjectScale).ShouldBe((4, 4294967292u, 50, 0, 9.75, 0.5));
            (options.Background, options.OutputFormat).ShouldBe(("free", "webp"));
        }
    }

    [Fact]
    public void Ignores_the_subjects_scale_without_a_subject() =>
        ReadOptions.Run(Fields(("subject_scale", "2", FieldSource.Form)), Cards.Card, hasSubject: false).SubjectScale.ShouldBe(0);

    [Fact]
    public void Draws_a_seed_that_differs_from_edit_to_edit() =>
        Enumerable.Range(0, 8).Select(_ => ReadOptions.Run(Fields(), Cards.Card, false).Seed).Distinct().Count().ShouldBeGreaterThan(1);

    [Theory]
    [InlineData("n", "0")]
    [InlineData("n", "5")]
    [InlineData("n", "1.5")]
    [InlineData("n", "1000")]
    [InlineData("seed", "-1")]
    [InlineData("seed", "4294967296")]
    [InlineData("seed", "9223372036854775808")]
    [InlineData("steps", "0")]
    [InlineData("steps", "51")]
    [InlineData("steps", "7.5")]
    [InlineData("steps", "1000000000")]
    [InlineData("steps", "1e400")]
    [InlineData("steps", "-1e400")]
    [InlineData("guidance_scale", "-5")]
    [InlineData("guidance_scale", "20.01")]
    [InlineData("image_guidance_scale", "11")]
    [InlineData("subject_scale", "2.5")]
    public void Refuses_a_number_outside_of_its_range(string name, string value) =>
        Refusal(name, value, FieldSource.JsonNumber).ShouldBe((422, "option_out_of_range", name));

    [Theory]
    [InlineData("background", "keep")]
    [InlineData("output_format", "gif")]
    [InlineData("output_format", "PNG")]
    [InlineData("profile", "fast")]
    public void Refuses_a_word_that_is_not_offered(string name, string value) =>
        Refusal(name, value, FieldSource.JsonString).ShouldBe((422, "option_out_of_range", name));

    [Fact]
    public void Refuses_a_first_seed_that_leaves_no_room_for_the_others() =>
        Should.Throw<ProblemException>(() => ReadOptions.Run(Fields(("n", "2", FieldSource.Form), ("seed", "4294967295", FieldSource.Form)), Cards.Card, false))
            .Problem.Param.ShouldBe("seed");

    [Theory]
    [InlineData("steps", "20", FieldSource.JsonString)]
    [InlineData("steps", "true", FieldSource.JsonTruth)]
    [InlineData("steps", "[8]", FieldSource.JsonTree)]
    [InlineData("steps", "NaN", FieldSource.Form)]
    [InlineData("steps", "Infinity", FieldSource.Form)]
    [InlineData("steps", "0x10", FieldSource.Form)]
    [InlineData("steps", "1,5", FieldSource.Form)]
    [InlineData("steps", "8\n", FieldSource.Form)]
    [InlineData("background", "1", FieldSource.JsonNumber)]
    public void Refuses_another_type(string name, string value, object source) =>
        Refusal(name, value, (FieldSource)source).ShouldBe((400, "malformed", name));

    [Fact]
    public void Takes_an_empty_form_field_for_no_choice() =>
        ReadOptions.Run(Fields(("steps", "", FieldSource.Form), ("background", "", FieldSource.Form)), Cards.Card, false).Steps.ShouldBe(8);

    private static (int Status, string Code, string? Param) Refusal(string name, string value, FieldSource source)
    {
        var problem = Should.Throw<ProblemException>(() => ReadOptions.Run(Fields((name, value, source)), Cards.Card, hasSubject: true)).Problem;
        return (problem.Status, problem.Code, problem.Param);
    }

    private static EditFields Fields(params (string Name, string Text, FieldSource Source)[] values)
    {
        var fields = new EditFields();
        foreach (var (name, text, source) in values)
            fields.Add(name, new FieldValue(text, source));
        return fields;
    }
}

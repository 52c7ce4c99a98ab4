using System.Text.Json;
using Pipeline.Evaluation.Forms;
using Pipeline.Evaluation.Protocols;

namespace Pipeline.Evaluation.Tests.Forms;

/// <summary>Rows as the sets are published.</summary>
public sealed class ItemReaderTests
{
    [Theory]
    [InlineData("ai2d", """{"id": "1", "question": "Which?", "options": ["sun", "moon"], "answer": "1"}""", "B")]
    [InlineData("scienceqa", """{"id": "1", "question": "Which?", "choices": ["sun", "moon"], "answer": 0, "hint": "look up"}""", "A")]
    [InlineData("mmmu", """{"id": "validation_Art_1", "question": "Which?", "options": "['sun', \"the moon's\"]", "answer": "B", "question_type": "multiple-choice"}""", "B")]
    [InlineData("mmmu", """{"id": "validation_Art_2", "question": "How many?", "options": "[]", "answer": "['8', 'eight']", "question_type": "open"}""", "8")]
    [InlineData("pope", """{"question_id": 7, "question": "Is there a cat?", "answer": "Yes", "category": "random"}""", "yes")]
    [InlineData("slake", """{"qid": 3, "question": "Which organ?", "answer": "Lung", "answer_type": "OPEN"}""", "Lung")]
    [InlineData("caption", """{"id": "x", "caption": "Clear lungs."}""", "Clear lungs.")]
    [InlineData("ai2d", """{"question": "Which?", "options": ["sun", "moon"], "answer": "1"}""", "B")]
    [InlineData("path-vqa", """{"question": "Which organ?", "answer": "lung"}""", "lung")]
    [InlineData("mm-vet", """{"question_id": "v1_0", "question": "Which x?", "answer": "-1 <AND> -5", "capability": "ocr,math"}""", "-1 <AND> -5")]
    public void A_published_row_is_read(string benchmark, string json, string answer) => Assert.Equal(answer, Read(benchmark, json).Answer);

    [Theory]
    [InlineData("""{"question": "?", "answer": "yes"}""", "file#1")]
    [InlineData("""{"id": "12", "question_id": "1", "question": "?", "answer": "yes"}""", "12")]
    [InlineData("""{"question_id": 7, "question": "?", "answer": "yes"}""", "7")]
    public void A_row_without_an_id_is_called_by_its_place(string json, string id) => Assert.Equal(id, Read("pope", json).Id);

    [Theory]
    [InlineData("mmmu", """{"question": "<image 2> and <image 1>", "options": "[]", "question_type": "open", "answer": "8", "image_1": "a", "image_2": "b", "image_3": "c"}""", "a|b")]
    [InlineData("mmmu", """{"question": "Which?", "options": "['<image 1>', '<image 3>']", "answer": "A", "image_1": "a", "image_2": null, "image_3": "c"}""", "a|c")]
    [InlineData("mmmu", """{"question": "<image 1> and <image 2>", "options": "['x']", "answer": "A", "image_1": "a", "image_2": null}""", "")]
    [InlineData("mmmu", """{"question": "Which?", "options": "['x']", "answer": "A", "image_1": "a"}""", "a")]
    [InlineData("pope", """{"question": "?", "answer": "yes", "image": "a"}""", "a")]
    [InlineData("pope", """{"question": "?", "answer": "yes", "image": ["a", "b"]}""", "a|b")]
    [InlineData("pope", """{"question": "?", "answer": "yes", "image": null}""", "")]
    [InlineData("slake", """{"question": "?", "answer": "yes", "img_name": "xmlab1/source.jpg"}""", "xmlab1/source.jpg")]
    [InlineData("scienceqa", """{"question": "?", "choices": ["x"], "answer": 0}""", "")]
    public void Images_are_those_that_the_question_shows(string benchmark, string json, string expected) => Assert.Equal(expected, string.Join('|', Images(benchmark, json)));

    [Fact]
    public void A_set_without_a_column_of_images_is_told_with_its_mend() => Assert.Contains(
        "--column image=YOURS", Assert.Throws<FormException>(() => Images("pope", """{"question": "?", "answer": "yes"}""")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_text_with_a_list_is_choices() =>
        Assert.Equal(["sun", "the moon's"], Read("mmmu", """{"id": "1", "question": "?", "options": "['sun', \"the moon's\"]", "answer": "B"}""").Choices);

    [Fact]
    public void Capabilities_are_groups_of_their_own() => Assert.Equal(
        [("capability", "ocr"), ("capability", "math")], Read("mm-vet", """{"question_id": "1", "question": "?", "answer": "x", "capability": "ocr,math"}""").Groups);

    [Theory]
    [InlineData("""{"question": "?", "answer": "yes"}""", false)]
    [InlineData("""{"question": "?", "answer": "left"}""", true)]
    [InlineData("""{"question": "?", "answer": "left", "answer_type": "CLOSED"}""", false)]
    public void Medical_questions_are_open_or_closed(string json, bool isOpen) => Assert.Equal(isOpen, Read("vqa-rad", json.Replace("{", """{"id": "1",""", StringComparison.Ordinal)).IsOpen);

    [Theory]
    [InlineData("ai2d", """{"id": "1", "question": "?", "options": ["a", "b"], "answer": "2"}""", "file:1: the answer '2'")]
    [InlineData("ai2d", """{"id": "1", "question": "?", "options": ["a", "b"], "answer": "C"}""", "file:1: the answer 'C'")]
    [InlineData("ai2d", """{"id": "1", "question": "?", "answer": "A"}""", "--column options=YOURS")]
    [InlineData("ai2d", """{"id": "1", "options": ["a"], "answer": "A"}""", "no column 'question' or 'text' (there are: id, options, answer)")]
    [InlineData("pope", """{"id": "1", "question": "?", "answer": "maybe"}""", "neither yes nor no")]
    public void A_bad_row_is_told_with_its_mend(string benchmark, string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormException>(() => Read(benchmark, json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Columns_can_be_named()
    {
        using JsonDocument json = JsonDocument.Parse("""{"key": "1", "ask": "?", "truth": "yes"}""");
        Dictionary<string, string> mapping = new() { ["id"] = "key", ["question"] = "ask", ["answer"] = "truth" };
        Assert.Equal("yes", ItemReader.Read(Benchmark.Find("pope")!, new DataRow(json.RootElement, "file:1", mapping), "file#1").Answer);
    }

    private static IReadOnlyList<string> Images(string benchmark, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        DataRow row = new(document.RootElement, "file:1", new Dictionary<string, string>());
        return RowImages.Of(Benchmark.Find(benchmark)!, row, ItemReader.Read(Benchmark.Find(benchmark)!, row, "file#1"));
    }

    private static EvaluationItem Read(string benchmark, string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return ItemReader.Read(Benchmark.Find(benchmark)!, new DataRow(document.RootElement, "file:1", new Dictionary<string, string>()), "file#1");
    }
}

using Pipeline.Jobs.Planning;
using Pipeline.Jobs.Rows;
using Pipeline.Jobs.Specs;
using Pipeline.Model.Engine;
using Pipeline.Model.Imaging;
using Pipeline.Worker.Decoding;
using Pipeline.Worker.Models;
using Pipeline.Worker.Shards;

namespace Pipeline.Worker.Tests.Shards;

/// <summary>What becomes of rows whose images can't be decoded.</summary>
public sealed class ImageDecodingTests
{
    [Theory]
    [InlineData(ImageFault.Empty, RowFailure.EmptyFile)]
    [InlineData(ImageFault.NotAnImage, RowFailure.NotAnImage)]
    [InlineData(ImageFault.Truncated, RowFailure.TruncatedImage)]
    [InlineData(ImageFault.Corrupt, RowFailure.CorruptImage)]
    [InlineData(ImageFault.TooLarge, RowFailure.ImageTooLarge)]
    [InlineData(ImageFault.TooMuchMemory, RowFailure.ImageTooLarge)]
    [InlineData(ImageFault.TooSlow, RowFailure.ImageTooSlow)]
    [InlineData(ImageFault.DecoderCrashed, RowFailure.DecoderCrashed)]
    public async Task Every_fault_is_the_failure_of_its_row(ImageFault fault, RowFailure failure)
    {
        var work = await DecodeAsync(new ImageException(fault, "Why."));

        Assert.Equal((failure, "Why."), (work.Failure, work.FailureMessage));
    }

    [Fact]
    public Task A_process_that_cannot_be_started_writes_off_no_row() =>
        Assert.ThrowsAsync<DecoderStartException>(() => DecodeAsync(new DecoderStartException("No process can be started.")));

    private static Task<ImageWork> DecodeAsync(Exception exception)
    {
        var spec = new JobSpec { Source = "/in", Output = "/out", Model = "/model", Caption = "Describe" };
        return new ImageDecoding(new Failing(exception), new ImageFilter(spec)).DecodeAsync(
            new ImageWork(new PlannedImage("a.jpg", "file:///in/a.jpg", 1, "")) { Encoded = new byte[] { 1 } }, TestContext.Current.CancellationToken);
    }

    private sealed class Failing(Exception exception) : IAnnotator
    {
        public Task<ImageCrops> DecodeAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken) => Task.FromException<ImageCrops>(exception);

        public Task<IReadOnlyList<Answer>> AnswerAsync(ImageCrops image, IReadOnlyList<Prompt> prompts, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Nothing is asked.");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

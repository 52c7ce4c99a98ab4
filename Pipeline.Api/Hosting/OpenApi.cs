namespace Pipeline.Api.Hosting;

internal static class OpenApi
{
    private const string Document = "v1";

    public static void AddPipelineOpenApi(this IServiceCollection services) =>
        services.AddOpenApi(Document, options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Pipeline API";
            document.Info.Description = "Submits and follows jobs that turn an image collection into a Parquet dataset of captions and labels.";
            return Task.CompletedTask;
        }));
}

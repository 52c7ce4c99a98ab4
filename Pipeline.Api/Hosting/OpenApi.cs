using Scalar.AspNetCore;

namespace Pipeline.Api.Hosting;

/// <summary>The API's description, and a page that shows it.</summary>
internal static class OpenApi
{
    public const string Page = "/scalar";
    private const string Title = "Pipeline API";
    private const string Document = "v1";

    public static void AddPipelineOpenApi(this IServiceCollection services) =>
        services.AddOpenApi(Document, options => options
            .AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = Title;
                document.Info.Description = "Submits and follows jobs that turn an image collection into a Parquet dataset of captions and labels.";
                return Task.CompletedTask;
            })
            .AddOperationTransformer((operation, _, _) =>
            {
                OpenApiExamples.AddTo(operation);
                return Task.CompletedTask;
            }));

    /// <summary>Only what works without any other server; nothing is sent to one.</summary>
    public static void ConfigurePage(ScalarOptions scalar) => scalar
        .WithTitle(Title)
        .DisableDefaultFonts()
        .DisableTelemetry()
        .DisableAgent()
        .DisableMcp()
        .HideDeveloperTools()
        .HideClientButton()
        .PreserveSchemaPropertyOrder();
}

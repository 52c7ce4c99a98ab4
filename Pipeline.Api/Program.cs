using Microsoft.Extensions.Options;
using Pipeline.Api.Hosting;
using Pipeline.Jobs.State;
using Pipeline.Jobs.Storage;
using Pipeline.Jobs.Telemetry;

// The API by itself: takes jobs in and shows them. A worker on the same storage does the work. With "prepare-schema" it makes the database's tables and ends.
try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.Configuration.AddEnvironmentVariables("PIPELINE_").AddCommandLine(args);
    if (args is ["prepare-schema", ..])
    {
        await StorageSchema.MakeAsync(builder.Configuration, CancellationToken.None);
        return 0;
    }

    builder.WebHost.UseKestrel(kestrel => kestrel.AddServerHeader = false);
    if (builder.Configuration["urls"] is null)
    {
        // Beyond this machine it listens where it is told to, and then asks who calls.
        builder.WebHost.UseUrls("http://127.0.0.1:5080");
    }

    // Jobs of strangers use no local folder that nobody allowed.
    var urls = builder.Configuration["urls"];
    builder.Services.AddSingleton(AllowedPlaces.From(builder.Configuration, isExposed: urls is not null && !ListenAddresses.AreOfThisMachine(urls, builder.Configuration)));
    builder.Services.AddPipelineStorage(builder.Configuration, StorageTimings.SeldomPoll);
    builder.Services.AddPipelineApi(builder.Configuration);
    builder.Services.AddPipelineTelemetry(builder.Configuration, "pipeline-api");

    var app = builder.Build();
    app.Services.AssertUsable();
    app.MapPipelineApi();
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (e is StorageException or OptionsValidationException or FormatException)
{
    // The configuration is wrong, and the message says what to mend; a stack trace would only hide it.
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

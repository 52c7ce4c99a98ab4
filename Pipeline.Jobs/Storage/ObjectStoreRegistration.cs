using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pipeline.Jobs.Storage;

public static class ObjectStoreRegistration
{
    /// <summary>
    /// Adds <see cref="ObjectStores"/>, with the S3 settings of the configuration, and the <see cref="CreateLedger"/> if there is one. A host that other machines can
    /// reach adds its <see cref="AllowedPlaces"/> before.
    /// </summary>
    /// <exception cref="FormatException">A setting cannot be used.</exception>
    public static IServiceCollection AddObjectStores(this IServiceCollection services, IConfiguration configuration)
    {
        var options = S3Options.From(configuration);
        services.TryAddSingleton(AllowedPlaces.From(configuration, isExposed: false));
        return services.AddSingleton(provider => new ObjectStores(
            options, provider.GetService<TimeProvider>() ?? TimeProvider.System, provider.GetService<CreateLedger>(), provider.GetRequiredService<AllowedPlaces>()));
    }
}

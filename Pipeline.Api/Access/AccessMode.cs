using Microsoft.Extensions.Options;
using Pipeline.Jobs.Access;

namespace Pipeline.Api.Access;

/// <summary>Whether callers must say who they are; decided once, when the process starts.</summary>
internal sealed class AccessMode(IOptions<AccessOptions> options, ApiKeyStore keys)
{
    private readonly Lazy<bool> _isRequired = new(() =>
        options.Value.Required ?? (!string.IsNullOrEmpty(options.Value.AdminKey) || !string.IsNullOrEmpty(options.Value.Authority) || keys.Any()));

    /// <summary>False: whoever is on this machine may do everything, and nobody else anything.</summary>
    public bool IsRequired => _isRequired.Value;
}

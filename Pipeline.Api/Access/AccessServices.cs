using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Pipeline.Jobs.Access;

namespace Pipeline.Api.Access;

internal static class AccessServices
{
    private const long LargestBody = 1 << 20;

    /// <summary>Adds keys, issuers' tokens, cookies and what each may do. An endpoint that names no scope is the administrators'.</summary>
    public static void AddPipelineAccess(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(AccessOptions.Section);
        services.AddOptions<AccessOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccessOptions>, AccessOptionsValidator>();
        services.AddSingleton<AccessMode>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<TokenClaims>();
        services.AddScoped<TokenReader>();
        services.AddSingleton<OriginGuard>();
        services.AddHostedService<ListeningGuard>();
        services.AddPipelineRateLimits(configuration);

        // Whatever else is logged.
        services.AddLogging(logging => logging.AddFilter(AuditLog.Category, LogLevel.Information));

        var authentication = services.AddAuthentication(CallerAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, CallerAuthentication>(CallerAuthentication.SchemeName, null)
            .AddCookie(ConfigureCookie);
        if (section[nameof(AccessOptions.Authority)] is { Length: > 0 } authority)
        {
            authentication.AddJwtBearer(token =>
            {
                token.Authority = authority;
                token.Audience = section[nameof(AccessOptions.Audience)];
                token.MapInboundClaims = false;
                // The validator has seen that only an issuer on this machine is without TLS.
                token.RequireHttpsMetadata = authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
            });
        }

        var authorization = services.AddAuthorizationBuilder();
        foreach (var scope in Scopes.All)
        {
            authorization.AddPolicy(scope, policy => policy.RequireAssertion(context => Caller.Of(context.User).May(scope)));
        }

        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireAssertion(context => Caller.Of(context.User).May(Scopes.Admin)).Build());
        AddProtection(services);
    }

    /// <summary>Callers are told apart before anything answers them.</summary>
    public static void UsePipelineAccess(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.Use((context, next) =>
        {
            // Whatever a route says, nothing here takes a longer body.
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            {
                body.MaxRequestBodySize = Math.Min(body.MaxRequestBodySize ?? LargestBody, LargestBody);
            }

            return next(context);
        });
        app.UseMiddleware<OriginGuard>();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
    }

    private static void ConfigureCookie(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "pipeline";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.SlidingExpiration = false;
        cookie.Events.OnSigningIn = context =>
        {
            // Behind a proxy that ends TLS the request itself is plain.
            context.CookieOptions.Secure |= context.Request.Headers["X-Forwarded-Proto"].ToString().Contains("https", StringComparison.OrdinalIgnoreCase);
            return Task.CompletedTask;
        };
        cookie.Events.OnValidatePrincipal = context =>
        {
            var caller = Caller.Of(context.Principal!);
            if (!caller.IsOfToken && !context.HttpContext.RequestServices.GetRequiredService<KeyRing>().IsValid(caller.Id))
            {
                context.RejectPrincipal();
            }

            return Task.CompletedTask;
        };
    }

    private static void AddProtection(IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("dragonfly-pipeline");
        services.AddSingleton<ProtectionKeys>();

        // It warns at each start that keys lie in the storage as they are, which docs/security.md says.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error));
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(keys =>
            keys.XmlRepository = provider.GetRequiredService<IOptions<AccessOptions>>().Value.ProtectionFolder is { Length: > 0 } folder
                ? new FileSystemXmlRepository(Directory.CreateDirectory(folder), provider.GetRequiredService<ILoggerFactory>())
                : provider.GetRequiredService<ProtectionKeys>()));
    }
}

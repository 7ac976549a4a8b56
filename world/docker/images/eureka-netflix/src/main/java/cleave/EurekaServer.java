package cleave;

import java.io.File;
import java.lang.reflect.Field;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.List;
import org.eclipse.jetty.annotations.ServletContainerInitializersStarter;
import org.eclipse.jetty.apache.jsp.JettyJasperInitializer;
import org.eclipse.jetty.plus.annotation.ContainerInitializer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.webapp.WebAppContext;

/**
 * Netflix's web application as it is, in a Jetty, at /eureka: the server's own interface is below /eureka/v2,
 * its dashboard at /eureka/. Its settings are system properties.
 *
 * Of all its times the minute over which it counts heartbeats is the only one that no setting reaches:
 * cleave.renewsBucketMs replaces the counter by one over another time. Without it nothing is touched.
 */
public class EurekaServer {
    public static void main(String[] arguments) throws Exception {
        int port = Integer.getInteger("cleave.port", 8761);
        Server server = new Server(port);
        WebAppContext application = new WebAppContext("/opt/eureka/webapp", "/eureka");
        application.setParentLoaderPriority(true);
        application.setThrowUnavailableOnStartupException(true);
        application.setTempDirectory(new File("/opt/eureka/work")); // pages stay translated
        application.setPersistTempDirectory(true);
        application.setAttribute("org.eclipse.jetty.containerInitializers",
                List.of(new ContainerInitializer(new JettyJasperInitializer(), null)));
        application.addBean(new ServletContainerInitializersStarter(application), true);
        server.setHandler(application);
        server.start();
        Long bucket = Long.getLong("cleave.renewsBucketMs");
        if (bucket != null) {
            replaceBucket(application.getServletContext().getAttribute("com.netflix.eureka.EurekaServerContext"), bucket);
        }
        if (Boolean.getBoolean("cleave.train")) { // it has shown once what it loads
            URL page = new URL("http://127.0.0.1:" + port + "/eureka/jsp/status.jsp");
            System.out.println("the dashboard answers " + ((HttpURLConnection) page.openConnection()).getResponseCode());
            System.exit(0);
        }
        server.join();
    }

    /** The jars of the web application are not there to compile against: Maven Central has them inside it only. */
    private static void replaceBucket(Object context, long milliseconds) throws ReflectiveOperationException {
        Object registry = Class.forName("com.netflix.eureka.EurekaServerContext").getMethod("getRegistry").invoke(context);
        Class<?> counters = Class.forName("com.netflix.eureka.util.MeasuredRate");
        Field place = Class.forName("com.netflix.eureka.registry.AbstractInstanceRegistry").getDeclaredField("renewsLastMin");
        place.setAccessible(true);
        Object next = counters.getConstructor(long.class).newInstance(milliseconds);
        counters.getMethod("start").invoke(next);
        Object old = place.get(registry);
        place.set(registry, next);
        counters.getMethod("stop").invoke(old);
    }
}
